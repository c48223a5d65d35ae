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
                decimal(delivery.sizeBytes() / 1e6) + " MB",
                // Bytes in a microsecond are megabytes in a second.
                decimal(delivery.sizeBytes() * 1e3 / delivery.duration().toNanos()) + " MB/s",
                sortedRoundNanos.length,
                percentileMicros(50) + " µs",
                percentileMicros(99) + " µs");
        console.println();
    }

    private String percentileMicros(int percent) {
        int rank = (int) Math.ceil(sortedRoundNanos.length * percent / 100.0);
        return decimal(sortedRoundNanos[rank - 1] / 1e3);
    }

    private static String decimal(double number) {
        return String.format(Locale.ROOT, "%,.1f", number);
    }
}
