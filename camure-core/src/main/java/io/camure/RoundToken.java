package io.camure;

import java.util.Locale;

/**
 * A <em>fencing token</em>: what orders the rounds of a barrier or a collective, whoever has coordinated them. It is the same on all
 * nodes that have passed the round. Written beside what a round has decided, it lets whoever keeps that refuse what is older: of a
 * node that was stopped for long, and goes on believing what it believed before.
 *
 * <p>Of two tokens of a group that was coordinated under terms ({@code CoordinatorConfig.builder().term}), the higher one is that of the later
 * round. Without terms that holds only until the coordinator is started anew.
 *
 * @param term as in {@link Round#term}
 * @param generation as in {@link Round#generation}
 * @param number as in {@link Round#number}
 * @see <a href="https://martin.kleppmann.com/2016/02/08/how-to-do-distributed-locking.html">Kleppmann, How to do distributed locking</a>
 */
public record RoundToken(long term, long generation, long number) implements Comparable<RoundToken> {

    @Override
    public int compareTo(RoundToken other) {
        if (term != other.term) {
            return Long.compare(term, other.term);
        }
        return generation != other.generation
                ? Long.compare(generation, other.generation)
                : Long.compare(number, other.number);
    }

    /** Of 42 characters, which sort as the tokens do, as in {@code 0000000000000007-00000001-000000000000002a}. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%016x-%08x-%016x", term, generation, number);
    }
}
