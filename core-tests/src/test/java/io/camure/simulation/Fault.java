package io.camure.simulation;

/** Something that happens to nodes or to the network between them for a while. */
interface Fault {

    /** What it is called where it is counted. */
    String kind();

    /** May find that it can't be, when other faults have been there before. */
    void begin(World world);

    void end(World world);

    /**
     * A fault that was planned.
     *
     * @param number tells it from the others of the same plan
     */
    record Planned(int number, long atNanos, long forNanos, Fault fault) {

        @Override
        public String toString() {
            return String.format("%d: at %.3f ms for %.3f ms %s", number, atNanos / 1e6, forNanos / 1e6, fault);
        }
    }
}
