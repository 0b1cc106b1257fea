import { Icon } from "../brand/icon";
import { Logo } from "../brand/logo";

interface Props {
  onTry: (statement: string) => void;
}

const kFirstQuery = "SELECT count(*) FROM samples.nycflights.flights";

const kMore: [title: string, statement: string][] = [
  [
    "Worst departure delays by carrier",
    `SELECT a.name, count(*) AS flights, round(avg(f.dep_delay), 1) AS mean_delay
FROM samples.nycflights.flights AS f
JOIN samples.nycflights.airlines AS a ON f.carrier = a.carrier
GROUP BY a.name
ORDER BY mean_delay DESC`,
  ],
  ["What is in the samples", "SHOW TABLES IN samples.nycflights"],
];

/** Before the first statement: one to begin with. */
export function NoResult({ onTry }: Props) {
  return (
    <div className="no-result results-focus" tabIndex={-1}>
      <Logo size={40} />
      <p className="no-result-lead">Results surface here. A first question for the flights of 2013:</p>
      <button type="button" className="no-result-query" onClick={() => onTry(kFirstQuery)}>
        <code>{kFirstQuery}</code>
        <span className="no-result-run">
          <Icon name="play" />
          Run
        </span>
      </button>
      <p className="no-result-more">
        {kMore.map(([title, statement]) => (
          <button key={title} type="button" className="link" onClick={() => onTry(statement)}>
            {title}
          </button>
        ))}
      </p>
    </div>
  );
}
