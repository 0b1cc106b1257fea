/** The words of Spark SQL that the editor colours and offers; the functions are the engine's own. */

export const kKeywords = (
  "add all alter analyze and anti any as asc at between both buckets by cache case cast catalog " +
  "catalogs check clear cluster clustered collate column columns comment commit constraint copy " +
  "create cross cube current current_catalog current_date current_schema current_timestamp " +
  "current_user data database databases default delete desc describe distinct distribute drop " +
  "else end escape except exchange exclude exists explain extended external extract false fileformat " +
  "filter first following for formatted from full function functions generated global grant " +
  "grants group grouping having history if ilike in inner insert intersect interval into is join " +
  "last lateral left like limit location managed map matched merge minus natural no not null " +
  "nulls of offset on only optimize or order outer over overwrite partition partitioned pivot " +
  "preceding primary qualify range recursive refresh rename replace restore revoke right rlike " +
  "rollup row rows schema schemas select semi set sets show some sort source table tables " +
  "tablesample tblproperties temporary then to transform true truncate try_cast unbounded union " +
  "unique unpivot update use using vacuum values version view views volume volumes when where " +
  "window with within zorder"
).split(" ");

export const kTypes = (
  "array bigint binary boolean byte char date dec decimal double float int integer interval long " +
  "map numeric real short smallint string struct timestamp timestamp_ltz timestamp_ntz tinyint " +
  "varchar variant void"
).split(" ");
