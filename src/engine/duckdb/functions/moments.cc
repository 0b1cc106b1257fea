// Aggregates of central moments of a population, as Spark computes them.
#include <cmath>

#include "duckdb/function/aggregate_function.hpp"

#include "engine/duckdb/functions/kernel.h"

namespace tarn::engine {
namespace {

struct Moments {
  double count;
  double mean;
  double m2;
  double m3;
  double m4;

  void Merge(const Moments& other) {
    if (other.count == 0) return;
    if (count == 0) {
      *this = other;
      return;
    }
    double n1 = count;
    double n2 = other.count;
    double n = n1 + n2;
    double delta = other.mean - mean;
    double delta_n = delta / n;
    double new_m2 = m2 + other.m2 + delta * delta_n * n1 * n2;
    double new_m3 = m3 + other.m3 + delta_n * delta_n * delta * n1 * n2 * (n1 - n2) +
                    3.0 * delta_n * (n1 * other.m2 - n2 * m2);
    double new_m4 = m4 + other.m4 +
                    delta_n * delta_n * delta_n * delta * n1 * n2 * (n1 * n1 - n1 * n2 + n2 * n2) +
                    6.0 * delta_n * delta_n * (n1 * n1 * other.m2 + n2 * n2 * m2) +
                    4.0 * delta_n * (n1 * other.m3 - n2 * m3);
    mean += delta_n * n2;
    count = n;
    m2 = new_m2;
    m3 = new_m3;
    m4 = new_m4;
  }
};

struct MomentsOperation {
  template <class STATE>
  static void Initialize(STATE& state) {
    state = {0, 0, 0, 0, 0};
  }
  template <class INPUT, class STATE, class OP>
  static void Operation(STATE& state, const INPUT& input, duckdb::AggregateUnaryInput&) {
    double n = state.count + 1;
    double delta = input - state.mean;
    double delta_n = delta / n;
    double mean = state.mean + delta_n;
    double m2 = state.m2 + delta * (delta - delta_n);
    double delta2 = delta * delta;
    double delta_n2 = delta_n * delta_n;
    double m3 = state.m3 - 3.0 * delta_n * m2 + delta * (delta2 - delta_n2);
    double m4 = state.m4 - 4.0 * delta_n * m3 - 6.0 * delta_n2 * m2 +
                delta * (delta * delta2 - delta_n * delta_n2);
    state = {n, mean, m2, m3, m4};
  }
  template <class INPUT, class STATE, class OP>
  static void ConstantOperation(STATE& state, const INPUT& input,
                                duckdb::AggregateUnaryInput& unary, duckdb::idx_t count) {
    for (duckdb::idx_t i = 0; i < count; ++i) Operation<INPUT, STATE, OP>(state, input, unary);
  }
  template <class STATE, class OP>
  static void Combine(const STATE& source, STATE& target, duckdb::AggregateInputData&) {
    target.Merge(source);
  }
  static bool IgnoreNull() { return true; }
};

struct Skewness : MomentsOperation {
  template <class T, class STATE>
  static void Finalize(STATE& state, T& target, duckdb::AggregateFinalizeData& finalize) {
    if (state.count == 0 || state.m2 == 0) {
      finalize.ReturnNull();
      return;
    }
    target = std::sqrt(state.count) * state.m3 / std::sqrt(state.m2 * state.m2 * state.m2);
  }
};

struct Kurtosis : MomentsOperation {
  template <class T, class STATE>
  static void Finalize(STATE& state, T& target, duckdb::AggregateFinalizeData& finalize) {
    if (state.count == 0 || state.m2 == 0) {
      finalize.ReturnNull();
      return;
    }
    target = state.count * state.m4 / (state.m2 * state.m2) - 3.0;
  }
};

template <typename OP>
void Add(Registrar& functions, const char* name) {
  using duckdb::LogicalType;
  auto function = duckdb::AggregateFunction::UnaryAggregate<Moments, double, double, OP>(
      LogicalType::DOUBLE, LogicalType::DOUBLE);
  function.name = name;
  functions.loader().RegisterFunction(function);
}

}  // namespace

void RegisterAggregates(Registrar& functions) {
  Add<Skewness>(functions, "spark_skewness");
  Add<Kurtosis>(functions, "spark_kurtosis");
}

}  // namespace tarn::engine
