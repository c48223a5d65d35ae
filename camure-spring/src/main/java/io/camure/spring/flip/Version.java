package io.camure.spring.flip;

/**
 * What is active at a node, or may come to be.
 *
 * @param number counts the proposals that its participants had seen by then
 * @param id random, so that proposals of the same number are told apart
 */
record Version(long number, long id) implements Comparable<Version> {

    /** Nothing is active yet. */
    static final Version NONE = new Version(0, 0);

    @Override
    public int compareTo(Version other) {
        int byNumber = Long.compare(number, other.number);
        return byNumber != 0 ? byNumber : Long.compare(id, other.id);
    }
}
