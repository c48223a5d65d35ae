package io.camure.doctor.cli;

import io.camure.doctor.Hearing;
import io.camure.doctor.Report;
import io.camure.doctor.Rung;
import io.camure.doctor.Status;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;

/** A report for people. */
final class ReportText {

    private static final int STATUS_COLUMNS = 8;
    private static final int NAME_COLUMNS = 18;
    private static final int TEXT_COLUMNS = 92;

    private final Ansi ansi;

    ReportText(Ansi ansi) {
        this.ansi = ansi;
    }

    void write(Report report, PrintWriter out) {
        out.println(report.node() + ", " + report.time());
        String at = "";
        TextTable table = table();
        for (Rung rung : report.rungs()) {
            String its = rung.at() == null ? "" : rung.at();
            if (!its.equals(at) && !its.isEmpty()) {
                table.addRowValues("", its, "");
            }
            at = its.isEmpty() ? at : its;
            table.addRowValues(
                    ansi.text(status(rung.status())), ansi.text(rung.name()), ansi.text(plain(rung.found())));
            if (rung.fix() != null) {
                table.addRowValues(ansi.text(""), ansi.text(""), ansi.text("@|bold To do:|@ " + plain(rung.fix())));
            }
            if (rung.command() != null) {
                table.addRowValues(ansi.text(""), ansi.text(""), ansi.text("  $ " + plain(rung.command())));
            }
        }
        out.print(table);
        writeMatrix(report, out);
        out.println(ansi.string(conclusion(report)));
    }

    private TextTable table() {
        ColorScheme colors = new ColorScheme.Builder(ansi).build();
        return TextTable.forColumns(
                colors,
                new Column(STATUS_COLUMNS, 1, Column.Overflow.SPAN),
                new Column(NAME_COLUMNS, 0, Column.Overflow.SPAN),
                new Column(TEXT_COLUMNS, 0, Column.Overflow.WRAP));
    }

    private static String status(Status status) {
        return switch (status) {
            case GREEN -> "@|green green|@";
            case AMBER -> "@|yellow amber|@";
            case RED -> "@|bold,red red|@";
        };
    }

    /** What another node has told is no markup. */
    private static String plain(String text) {
        return text.replace("@|", "@ |");
    }

    private void writeMatrix(Report report, PrintWriter out) {
        if (report.matrix().isEmpty()) {
            return;
        }
        out.println();
        out.println("Who hears whom:");
        for (Hearing hearing : report.matrix()) {
            out.println("  " + hearing.to() + " hears " + hearing.from() + ": by unicast "
                    + passes(hearing.unicast(), hearing.largestBytes())
                    + (hearing.roundTripMicros() == null ? "" : " in " + hearing.roundTripMicros() + "us")
                    + ", by multicast "
                    + (hearing.multicast() == null
                            ? "not tried"
                            : passes(hearing.multicast(), hearing.largestMulticastBytes())));
        }
    }

    private static String passes(boolean heard, @Nullable Integer largest) {
        return !heard ? "no" : largest == null ? "yes" : "up to " + largest + " bytes";
    }

    private static String conclusion(Report report) {
        return switch (report.status()) {
            case GREEN -> "@|green All is well.|@";
            case AMBER -> "@|yellow A session works, but not as well as it could.|@";
            case RED -> "@|bold,red A session does not work as it is to.|@";
        };
    }
}
