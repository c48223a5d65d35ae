package io.camure.benchmarks.report;

import io.camure.benchmarks.Family.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * One of our systems beside the peer that is the best by a column.
 *
 * @param ratio how many times better ours is, in the same repetition
 */
record Duel(Key key, String column, Entry ours, Entry peer, Spread ratio) {

    /** All, those where the peer is better first. */
    static List<Duel> of(Ranking ranking) {
        List<Duel> duels = new ArrayList<>();
        for (Key key : ranking.keys()) {
            for (String column : Columns.of(key.work()).compared()) {
                List<Entry> peers = ranking.bestOf(key, Kind.PEER, column);
                for (Entry ours : ranking.bestOf(key, Kind.CAMURE, column)) {
                    Spread ratio = peers.isEmpty() ? null : ours.betterThan(peers.get(0), column);
                    if (ratio != null) {
                        duels.add(new Duel(key, column, ours, peers.get(0), ratio));
                    }
                }
            }
        }
        duels.sort(Comparator.comparingDouble(duel -> duel.ratio().median()));
        return duels;
    }

    /** In all repetitions, so it can be claimed. */
    boolean isWon() {
        return ratio.minimum() > 1;
    }

    /** In all repetitions. */
    boolean isLost() {
        return ratio.maximum() < 1;
    }
}
