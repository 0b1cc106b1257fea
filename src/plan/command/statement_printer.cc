#include "plan/analyzed_statement.h"

namespace tarn::plan {
namespace {

std::string Dotted(const std::vector<std::string>& name) {
  std::string out;
  for (const std::string& part : name) out += (out.empty() ? "" : ".") + part;
  return out;
}

std::string_view Word(sql::SecurableWord word) {
  static constexpr std::string_view kWords[] = {"Metastore", "Catalog", "Schema",  "Table",
                                                "View",      "Volume",  "Function"};
  return kWords[static_cast<size_t>(word)];
}

std::string List(const std::vector<std::string>& items) {
  std::string out;
  for (const std::string& item : items) out += (out.empty() ? "" : ", ") + item;
  return "[" + out + "]";
}

// Name of the command, then what it is about.
struct Line {
  std::string operator()(const Query&) const { return ""; }
  std::string operator()(const Explain&) const { return "Explain"; }
  std::string operator()(const CreateCatalog& c) const { return "CreateCatalog " + c.name; }
  std::string operator()(const CreateSchema& c) const { return "CreateSchema " + Dotted(c.name); }
  std::string operator()(const CreateVolume& c) const { return "CreateVolume " + Dotted(c.name); }
  std::string operator()(const CreateTable& c) const {
    std::string out = c.or_replace ? "ReplaceTable " : "CreateTable ";
    out += Dotted(c.name) + " using " + c.provider + ", [";
    for (size_t i = 0; i < c.schema.fields.size(); ++i) {
      const columnar::Field& field = c.schema.fields[i];
      out += (i > 0 ? ", " : "") + field.name + " " + field.type.ToCatalogString() +
             (field.nullable ? "" : " not null");
    }
    return out + "]" +
           (c.partitioned_by.empty() ? "" : ", partitioned by " + List(c.partitioned_by));
  }
  std::string operator()(const AlterTable& c) const {
    std::string out = "AlterTable " + Dotted(c.target.name) + ", ";
    static constexpr std::string_view kActions[] = {
        "rename",         "set properties", "unset properties", "add columns",   "drop columns",
        "rename column",  "change type",    "change comment",   "set not null",  "drop not null",
        "set default",    "drop default",   "change position",  "sync identity", "cluster by",
        "add constraint", "drop constraint"};
    out += kActions[static_cast<size_t>(c.action)];
    for (const auto& column : c.columns) out += " " + Dotted(column);
    for (const AddedColumn& added : c.added) {
      out += " " + Dotted(added.parent) + (added.parent.empty() ? "" : ".") + added.field.name +
             " " + added.field.type.ToCatalogString();
    }
    return out + (c.constraint.empty() ? "" : " " + c.constraint);
  }
  std::string operator()(const Drop& c) const {
    return "Drop" + std::string(Word(c.object)) + " " + Dotted(c.name) +
           (c.cascade ? " cascade" : "");
  }
  std::string operator()(const Insert& c) const {
    static constexpr std::string_view kNames[] = {"Insert ", "InsertOverwrite ",
                                                  "InsertOverwritePartitions ", "InsertReplace "};
    return std::string(kNames[static_cast<size_t>(c.replaces)]) + Dotted(c.target.name);
  }
  std::string operator()(const Delete& c) const {
    return (c.truncate ? "Truncate " : "Delete ") + Dotted(c.target.name) +
           (c.condition ? ", " + ExprToString(*c.condition) : "");
  }
  std::string operator()(const Update& c) const { return "Update " + Dotted(c.target.name); }
  std::string operator()(const Merge& c) const { return "MergeInto " + Dotted(c.target.name); }
  std::string operator()(const CopyInto& c) const {
    return "CopyInto " + Dotted(c.target.name) + ", " + c.file_format + " (" +
           std::to_string(c.files.paths.size()) + " files)";
  }
  std::string operator()(const Show& c) const {
    static constexpr std::string_view kWhat[] = {"Catalogs",    "Schemas",         "Tables",
                                                 "Volumes",     "Columns",         "Functions",
                                                 "CreateTable", "TableProperties", "Partitions"};
    return "Show" + std::string(kWhat[static_cast<size_t>(c.what)]) +
           (c.in.empty() ? "" : " " + Dotted(c.in));
  }
  std::string operator()(const Describe& c) const {
    static constexpr std::string_view kWhat[] = {"Table",   "Schema", "Catalog", "Volume",
                                                 "History", "Detail", "Query",   "Function"};
    return "Describe" + std::string(kWhat[static_cast<size_t>(c.what)]) +
           (c.name.empty() ? "" : " " + Dotted(c.name)) +
           (c.column.empty() ? "" : ", " + Dotted(c.column)) + (c.extended ? " extended" : "");
  }
  std::string operator()(const CommentOn& c) const {
    return "CommentOn" + std::string(Word(c.object)) + " " + Dotted(c.name);
  }
  std::string operator()(const AlterOwner& c) const {
    return "AlterOwner " + std::string(Word(c.object)) + " " + Dotted(c.name) + ", " + c.owner;
  }
  std::string operator()(const Grant& c) const {
    return (c.revoke ? "Revoke " : "Grant ") + List(c.privileges) + " " +
           std::string(Word(c.object)) + " " + Dotted(c.name) + ", " + c.principal;
  }
  std::string operator()(const ShowGrants& c) const {
    return "ShowGrants " + std::string(Word(c.object)) + " " + Dotted(c.name) +
           (c.principal.empty() ? "" : ", " + c.principal);
  }
  std::string operator()(const Vacuum& c) const {
    return "Vacuum " + Dotted(c.name) + (c.lite ? " lite" : "") + (c.dry_run ? " dry run" : "");
  }
  std::string operator()(const Restore& c) const {
    std::string to = c.travel.version     ? "version " + std::to_string(*c.travel.version)
                     : c.travel.timestamp ? ExprToString(*c.travel.timestamp)
                                          : "";
    return "Restore " + Dotted(c.name) + " to " + to;
  }
  std::string operator()(const Optimize& c) const {
    std::string out = (c.purge ? "Purge " : "Optimize ") + Dotted(c.target.name);
    if (c.full) out += " full";
    if (c.condition) out += ", " + ExprToString(*c.condition);
    for (const auto& column : c.zorder_by) out += ", zorder " + Dotted(column);
    return out;
  }
  std::string operator()(const CloneTable& c) const {
    return std::string(c.deep ? "DeepClone " : "ShallowClone ") + Dotted(c.source.name) + " as " +
           Dotted(c.name);
  }
  std::string operator()(const ConvertToDelta& c) const {
    return "ConvertToDelta " + Dotted(c.name);
  }
  std::string operator()(const AnalyzeTable& c) const {
    return "AnalyzeTable " + Dotted(c.target.name) + (c.delta ? " delta" : "") +
           (c.columns.empty() ? "" : ", " + List(c.columns));
  }
  std::string operator()(const FsckRepair& c) const {
    return "FsckRepair " + Dotted(c.name) + (c.dry_run ? " dry run" : "");
  }
  std::string operator()(const Use& c) const {
    return "Use " + (c.schema.empty()    ? c.catalog
                     : c.catalog.empty() ? c.schema
                                         : c.catalog + "." + c.schema);
  }
  std::string operator()(const SetConf& c) const {
    return "SetConf" + (c.key.empty() ? "" : " " + c.key) + (c.value ? " = " + *c.value : "");
  }
  std::string operator()(const ResetConf& c) const {
    return "ResetConf" + (c.key.empty() ? "" : " " + c.key);
  }
};

struct Rows {
  PlanRef operator()(const Query& c) const { return c.plan; }
  PlanRef operator()(const Explain& c) const { return c.rows; }
  PlanRef operator()(const CreateTable& c) const { return c.query; }
  PlanRef operator()(const AlterTable& c) const { return c.violations; }
  PlanRef operator()(const Insert& c) const { return c.edits.rows ? c.edits.rows : c.rows; }
  PlanRef operator()(const Delete& c) const {
    return c.condition ? RowsWhere(c.edits.scan, c.condition) : c.edits.scan;
  }
  PlanRef operator()(const Update& c) const { return c.edits.rows; }
  PlanRef operator()(const Merge& c) const { return c.edits.rows; }
  PlanRef operator()(const CopyInto& c) const { return c.rows; }
  PlanRef operator()(const Describe& c) const { return c.query; }
  template <typename Command>
  PlanRef operator()(const Command&) const {
    return nullptr;
  }
};

}  // namespace

PlanRef RowsOf(const AnalyzedStatement& statement) { return std::visit(Rows(), statement); }

std::string CommandLine(const AnalyzedStatement& statement) {
  return std::visit(Line(), statement);
}

std::string StatementToString(const AnalyzedStatement& statement) {
  std::string out = CommandLine(statement);
  if (!out.empty()) out += "\n";
  if (PlanRef rows = RowsOf(statement)) out += PlanToString(*rows);
  return out;
}

}  // namespace tarn::plan
