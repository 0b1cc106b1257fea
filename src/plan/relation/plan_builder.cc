#include "plan/logical_plan.h"

namespace tarn::plan {

columnar::DataType MetadataType() {
  using columnar::TypeKind;
  return columnar::DataType::Struct({{"file_path", TypeKind::kString},
                                     {"file_name", TypeKind::kString},
                                     {"file_size", TypeKind::kLong},
                                     {"file_block_start", TypeKind::kLong},
                                     {"file_block_length", TypeKind::kLong},
                                     {"file_modification_time", TypeKind::kTimestamp},
                                     {"row_index", TypeKind::kLong},
                                     {"base_row_id", TypeKind::kLong},
                                     {"default_row_commit_version", TypeKind::kLong},
                                     {"row_id", TypeKind::kLong},
                                     {"row_commit_version", TypeKind::kLong}});
}

PlanRef PickColumns(PlanRef child, const std::vector<size_t>& columns) {
  auto project = std::make_shared<LogicalPlan>();
  project->kind = PlanKind::kProject;
  for (size_t column : columns) {
    project->output.push_back(child->output[column]);
    project->exprs.push_back(MakeColumn(project->output.back()));
  }
  project->children = {std::move(child)};
  return project;
}

PlanRef RowsWhere(PlanRef child, ExprRef condition) {
  auto filter = std::make_shared<LogicalPlan>();
  filter->kind = PlanKind::kFilter;
  filter->output = child->output;
  filter->children = {std::move(child)};
  filter->condition = std::move(condition);
  return filter;
}

PlanRef WithChild(const PlanRef& plan, const LogicalPlan* child, const PlanRef& by) {
  if (plan.get() == child) return by;
  std::vector<PlanRef> children;
  bool same = true;
  for (const PlanRef& below : plan->children) {
    children.push_back(WithChild(below, child, by));
    same = same && children.back() == below;
  }
  if (same) return plan;
  auto copy = std::make_shared<LogicalPlan>(*plan);
  copy->children = std::move(children);
  return copy;
}

PlanRef UnionAll(std::vector<PlanRef> parts) {
  PlanRef all;
  for (PlanRef& part : parts) {
    if (!all) {
      all = std::move(part);
      continue;
    }
    auto both = std::make_shared<LogicalPlan>();
    both->kind = PlanKind::kSetOp;
    both->set_op = sql::SetOperator::kUnion;
    both->all = true;
    both->output = all->output;
    for (size_t i = 0; i < both->output.size(); ++i) {
      both->output[i].id = -1 - static_cast<ExprId>(i);
      both->output[i].nullable = both->output[i].nullable || part->output[i].nullable;
    }
    both->children = {std::move(all), std::move(part)};
    all = std::move(both);
  }
  return all;
}

}  // namespace tarn::plan
