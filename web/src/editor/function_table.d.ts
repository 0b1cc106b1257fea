declare module "virtual:function-table" {
  import type { FunctionWord } from "../../function_table";
  export const kFunctions: FunctionWord[];
}
