package io.camure.sample;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.Locale;

/** What the coordinator has measured. */
final class Results {

    private final int members;
    private final FileSender.Delivery delivery;
    private final long[] sortedRoundNanos;

    Results(int members, FileSender.Delivery delivery, long[] roundNanos) {
        this.members = members;
        this.delivery = delivery;
        sortedRoundNanos = roundNanos.clone();
        Arrays.sort(sortedRoundNanos);
    }

    void print(PrintStream console) {
        String format = "%-9s%-13s%-13s%-9s%-12s%s%n";
        console.println();
        console.printf(format, "members", "file", "broadcast", "rounds", "round p50", "round p99");
        console.printf(
                format,
                members,
                bytes(delivery.sizeBytes()),
                bytes(delivery.sizeBytes() * 1e9 / delivery.duration().toNanos()) + "/s",
                sortedRoundNanos.length,
                percentileMicros(50) + " µs",
                percentileMicros(99) + " µs");
        console.println();
    }

    private String percentileMicros(int percent) {
        int rank = (int) Math.ceil(sortedRoundNanos.length * percent / 100.0);
        return decimal(sortedRoundNanos[rank - 1] / 1e3);
    }

    /** In the largest unit of which there is at least one, so that a small file has a size, too. */
    private static String bytes(double number) {
        String[] units = {"B", "kB", "MB", "GB"};
        int unit = 0;
        // 999.95 of a unit would be written as 1,000.0.
        while (unit < units.length - 1 && number >= (unit == 0 ? 999.5 : 999.95)) {
            number /= 1000;
            unit++;
        }
        return (unit == 0 ? String.format(Locale.ROOT, "%.0f", number) : decimal(number)) + " " + units[unit];
    }

    private static String decimal(double number) {
        return String.format(Locale.ROOT, "%,.1f", number);
    }
}
