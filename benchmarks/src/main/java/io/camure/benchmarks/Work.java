package io.camure.benchmarks;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.EnumSet;
import java.util.Locale;

/** What is measured. */
public enum Work {
    /** All nodes meet at a barrier, round after round. */
    BARRIER,

    /** Round after round all nodes give a number of 8 bytes, and each gets the sum of all. */
    ALLREDUCE,

    /** Round after round all nodes give bytes, and each gets those of all. */
    ALLGATHER,

    /** The coordinator sends messages of one size as fast as all members take them. */
    BROADCAST,

    /** The coordinator sends a thousand messages a second, and each says when it was sent. */
    LATENCY,

    /** The first thousand rounds of JVMs that have just been started. */
    COLD_BARRIER,

    /** The first 25 MB of JVMs that have just been started, and the first message after they have idled for a while. */
    COLD_BROADCAST,

    /** What a node takes to start, and what it costs while it does nothing. */
    FOOTPRINT;

    private static final String COLD_PREFIX = "cold-";

    /** Whether each measurement is of JVMs that have just been started. */
    public boolean isCold() {
        return toString().startsWith(COLD_PREFIX);
    }

    /** Whether nodes meet at a barrier for it. */
    public boolean isMeeting() {
        return this == BARRIER || this == COLD_BARRIER || this == FOOTPRINT;
    }

    /** Whether all nodes give a value in each round of it. */
    public boolean isCollective() {
        return this == ALLREDUCE || this == ALLGATHER;
    }

    /** Those for which a barrier and a broadcast are enough. */
    public static EnumSet<Work> withoutCollectives() {
        EnumSet<Work> works = EnumSet.allOf(Work.class);
        works.removeIf(Work::isCollective);
        return works;
    }

    /** By which warm work a configuration is found to be the best one for this. */
    public Work screenedBy() {
        return switch (this) {
            case COLD_BARRIER, FOOTPRINT -> BARRIER;
            case COLD_BROADCAST -> BROADCAST;
            case BARRIER, ALLREDUCE, ALLGATHER, BROADCAST, LATENCY -> this;
        };
    }

    /** The work of this name. */
    @JsonCreator
    public static Work parse(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    @JsonValue
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
