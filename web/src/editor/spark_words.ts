/** The words of Spark SQL that the editor colours and offers. */

export const kKeywords = (
  "add all alter analyze and anti any as asc at between both buckets by cache case cast catalog " +
  "catalogs check clear cluster clustered collate column columns comment commit constraint copy " +
  "create cross cube current current_catalog current_date current_schema current_timestamp " +
  "current_user data database databases default delete desc describe distinct distribute drop " +
  "else end escape except exchange exclude exists explain extended external false fileformat " +
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

export const kFunctions = (
  "abs acos add_months any_value approx_count_distinct array array_agg array_contains " +
  "array_distinct array_join array_max array_min array_size array_sort ascii asin atan atan2 avg " +
  "base64 bin bit_count bool_and bool_or btrim ceil ceiling char_length character_length chr " +
  "coalesce collect_list collect_set concat concat_ws contains conv corr cos cosh count count_if " +
  "covar_pop covar_samp cume_dist current_date current_timestamp date_add date_diff date_format " +
  "date_from_unix_date date_part date_sub date_trunc datediff day dayofmonth dayofweek dayofyear " +
  "decode degrees dense_rank element_at encode endswith exp explode explode_outer expm1 extract " +
  "factorial first first_value flatten floor format_number format_string from_json from_unixtime " +
  "get_json_object greatest hash hex hour hypot if ifnull initcap instr isnan isnotnull isnull " +
  "kurtosis lag last last_day last_value lead least left length levenshtein ln locate log log10 " +
  "log1p log2 lower lpad ltrim make_date make_timestamp map map_entries map_from_arrays map_keys " +
  "map_values max max_by md5 mean median min min_by minute mod mode month months_between " +
  "named_struct next_day nth_value ntile nullif nvl nvl2 octet_length overlay parse_url " +
  "percent_rank percentile percentile_approx pi pmod posexplode position pow power quarter " +
  "radians rand range rank read_files regexp_count regexp_extract regexp_extract_all regexp_like " +
  "regexp_replace repeat replace reverse right rint round row_number rpad rtrim second sequence " +
  "sha1 sha2 shiftleft shiftright sign sin sinh size skewness slice sort_array split split_part " +
  "sqrt startswith std stddev stddev_pop stddev_samp struct substr substring substring_index sum " +
  "tan tanh timestampadd timestampdiff to_date to_json to_number to_timestamp transform translate " +
  "trim trunc try_add try_cast try_divide try_subtract try_to_number typeof ucase unbase64 unhex " +
  "unix_date unix_timestamp upper uuid var_pop var_samp variance version weekday weekofyear " +
  "xxhash64 year zip_with"
).split(" ");
