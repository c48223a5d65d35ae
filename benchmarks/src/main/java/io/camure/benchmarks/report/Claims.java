package io.camure.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What may be said, in sentences made of the measurements: what is worse than a peer comes first. */
final class Claims {

    /** With fewer repetitions nothing is claimed. */
    static final int REPETITIONS = 5;

    private final List<Duel> duels;
    private final int repetitions;

    Claims(List<Duel> duels, int repetitions) {
        this.duels = duels;
        this.repetitions = repetitions;
    }

    List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        if (repetitions < REPETITIONS) {
            sentences.add("This is of " + repetitions + (repetitions == 1 ? " repetition, and " : " repetitions, and ")
                    + REPETITIONS + " are needed before anything is claimed of them.");
        }
        Map<String, List<Duel>> groups = duels.stream()
                .collect(Collectors.groupingBy(
                        duel -> duel.ours().family().name() + " at "
                                + duel.key().work() + ", "
                                + Columns.title(duel.column()),
                        LinkedHashMap::new,
                        Collectors.toList()));
        groups.forEach((title, group) -> sentences.add(title + ": " + String.join("; ", parts(group)) + "."));
        return sentences;
    }

    private static List<String> parts(List<Duel> group) {
        List<String> parts = new ArrayList<>();
        List<Duel> lost = group.stream().filter(Duel::isLost).toList();
        List<Duel> won = group.stream().filter(Duel::isWon).toList();
        if (!lost.isEmpty()) {
            parts.add("worse than the best peer in " + lost.size() + " of " + group.size() + " ("
                    + lost.stream().map(Claims::circumstances).collect(Collectors.joining("; ")) + ")");
        }
        List<Duel> level =
                group.stream().filter(duel -> !duel.isLost() && !duel.isWon()).toList();
        if (!level.isEmpty()) {
            parts.add("no different within the noise in " + level.size() + " of " + group.size() + " ("
                    + level.stream().map(Claims::circumstances).collect(Collectors.joining("; ")) + ")");
        }
        if (!won.isEmpty()) {
            String least = Spread.format(won.get(0).ratio().median());
            String most = Spread.format(won.get(won.size() - 1).ratio().median());
            parts.add("better in " + won.size() + " of " + group.size() + ", by " + least
                    + (least.equals(most) ? "" : " to " + most) + " times");
        }
        return parts;
    }

    private static String circumstances(Duel duel) {
        Key key = duel.key();
        String where = key.toString().substring(key.work().toString().length() + 2);
        return where + ": " + Spread.format(duel.ratio().median()) + " × "
                + duel.peer().family().name();
    }
}
