// The order here is the order of the help page and of the reference page.
#include "millrace/cli/commands.hpp"

namespace millrace::cli {

const Table& all_commands() {
    static const Table kTable = [] {
        Table table;
        add_doctor_commands(table);
        add_new_commands(table);
        add_config_commands(table);
        add_token_commands(table);
        add_data_commands(table);
        add_data_import_commands(table);
        add_data_verify_commands(table);
        add_data_synth_commands(table);
        add_backtest_commands(table);
        add_runs_commands(table);
        add_report_commands(table);
        add_strategies_commands(table);
        add_indicators_commands(table);
        add_calendar_commands(table);
        add_serve_commands(table);
        add_intents_commands(table);
        add_orders_commands(table);
        add_risk_commands(table);
        add_journal_commands(table);
        add_db_commands(table);
        add_audit_commands(table);
        add_simulate_commands(table);
        add_schema_commands(table);
        add_version_commands(table);
        add_completion_commands(table);
        add_help_commands(table);
        return table;
    }();
    return kTable;
}

}  // namespace millrace::cli
