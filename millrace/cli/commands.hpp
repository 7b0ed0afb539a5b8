// Every command of millrace, in the order of the help page. Each <noun>_commands.cpp adds its own.
#pragma once

#include "millrace/cli/command.hpp"

namespace millrace::cli {

[[nodiscard]] const Table& all_commands();

void add_doctor_commands(Table& table);
void add_config_commands(Table& table);
void add_token_commands(Table& table);
void add_data_commands(Table& table);
void add_data_import_commands(Table& table);
void add_data_verify_commands(Table& table);
void add_data_synth_commands(Table& table);
void add_indicators_commands(Table& table);
void add_calendar_commands(Table& table);
void add_schema_commands(Table& table);
void add_new_commands(Table& table);
void add_backtest_commands(Table& table);
void add_runs_commands(Table& table);
void add_report_commands(Table& table);
void add_strategies_commands(Table& table);
void add_journal_commands(Table& table);
void add_serve_commands(Table& table);
void add_intents_commands(Table& table);
void add_orders_commands(Table& table);
void add_risk_commands(Table& table);
void add_db_commands(Table& table);
void add_audit_commands(Table& table);
void add_simulate_commands(Table& table);
void add_version_commands(Table& table);
void add_completion_commands(Table& table);
void add_help_commands(Table& table);

}  // namespace millrace::cli
