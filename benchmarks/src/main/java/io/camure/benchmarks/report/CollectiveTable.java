package io.camure.benchmarks.report;

import io.camure.benchmarks.Family.Kind;
import io.camure.benchmarks.Work;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Our collectives beside what they are made of, all by the same system in the same repetition: their rounds beside those of its barrier,
 * and what an all-gather moves beside a broadcast of that size and beside the floor that only receives it.
 */
final class CollectiveTable {

    private static final String NOTHING = "–";
    private static final String ROUND = "p50_us";
    private static final String VOLUME = "mb_s";
    private static final String RESULT = "result_mb_s";

    private final Ranking ranking;
    private final StringBuilder text = new StringBuilder();

    CollectiveTable(Ranking ranking) {
        this.ranking = ranking;
    }

    /** Empty where nothing can be compared. */
    String markdown() {
        for (Key key : ranking.keys()) {
            if (key.work().isCollective()) {
                ranking.all(key).stream()
                        .filter(entry -> entry.family().kind() == Kind.CAMURE)
                        .forEach(entry -> appendRow(key, entry));
            }
        }
        return text.isEmpty()
                ? ""
                : "\n### Collectives beside what they are made of\n\n"
                        + "A round of theirs takes so many times as long as one of the barrier. The other ratios are of MB/s: what"
                        + " members give beside what the floor receives, and what all get beside a broadcast of messages as long as one"
                        + " value.\n\n"
                        + "| work | system | × a round of the barrier | × a bare receive | × a broadcast |\n"
                        + "| --- | --- | --- | --- | --- |\n"
                        + text;
    }

    private void appendRow(Key key, Entry own) {
        Entry barrier = ranking.find(new Key(Work.BARRIER, key.members(), null, key.start()), own.system());
        Entry broadcast = ranking.find(new Key(Work.BROADCAST, key.members(), key.size(), key.start()), own.system());
        Entry floor = ranking.find(key, own.family().name().replace("camure", "bare"));
        // How many times better the barrier is, is how many times as long a round takes.
        Spread round = barrier == null ? null : barrier.betterThan(own, ROUND);
        Spread received = floor == null ? null : own.betterThan(floor, VOLUME);
        Spread sent = broadcast == null ? null : own.betterThan(broadcast, RESULT, VOLUME);
        if (round != null || received != null || sent != null) {
            text.append("| ")
                    .append(String.join(
                            " | ", List.of(key.toString(), own.system(), cell(round), cell(received), cell(sent))))
                    .append(" |\n");
        }
    }

    private static String cell(@Nullable Spread ratio) {
        return ratio == null ? NOTHING : ratio.withRange();
    }
}
