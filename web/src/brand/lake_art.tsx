/**
 * The tarn: ridges, snow line, waterline, and the ridge again as rows of light on the water. Purely
 * decorative; all colours are tokens, so that it is day in the light theme and night in the dark.
 */
export function LakeArt() {
  return (
    <svg className="lake-art" viewBox="0 0 720 900" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
      <defs>
        <linearGradient id="lake-sky" x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor="var(--art-sky-high)" />
          <stop offset="1" stopColor="var(--art-sky-low)" />
        </linearGradient>
        <linearGradient id="lake-water" x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor="var(--art-water-near)" />
          <stop offset="1" stopColor="var(--art-water-deep)" />
        </linearGradient>
        <clipPath id="lake-ridge-mirrored">
          <path d="M0 520 0 596 96 640 190 742 262 656 330 618 412 690 470 640 560 586 640 606 720 560 720 520z" />
        </clipPath>
      </defs>
      <rect width="720" height="520" fill="url(#lake-sky)" />
      <circle cx="548" cy="150" r="34" fill="var(--art-orb)" />
      <path
        d="M0 372 88 318 170 352 268 262 350 330 452 246 548 322 640 272 720 316V520H0z"
        fill="var(--art-far)"
      />
      <path
        d="M0 444 96 400 190 298 262 384 330 422 412 350 470 400 560 454 640 434 720 480V520H0z"
        fill="var(--art-near)"
      />
      <path d="M190 298 160 331 178 346 190 332 206 350 222 336z" fill="var(--art-snow)" />
      <path d="M412 350 392 367 404 376 414 369 428 378 434 369z" fill="var(--art-snow)" />
      <rect y="520" width="720" height="380" fill="url(#lake-water)" />
      <g clipPath="url(#lake-ridge-mirrored)" stroke="var(--art-mirror)" strokeWidth="7">
        {[526, 540, 555, 571, 588, 606, 625, 645, 666, 688, 711, 735].map((y, row) => (
          <path key={y} d={`M0 ${y}H720`} strokeOpacity={0.62 - row * 0.045} />
        ))}
      </g>
      <g stroke="var(--art-glint)" strokeWidth="1.5" strokeLinecap="round">
        <path d="M470 548h150M500 566h96M520 586h52M534 608h26" />
        <path d="M60 780h120M110 806h180M420 836h160M250 864h90" strokeOpacity="0.5" />
      </g>
      <path d="M0 520H720" stroke="var(--art-shore)" strokeWidth="2" />
    </svg>
  );
}
