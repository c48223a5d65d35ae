package io.camure.benchmarks.peers;

import java.util.List;

/**
 * What JGroups 5.5 offers to choose from, by the names that its shipped files and its manual have.
 *
 * <p>Stacks: udp.xml or tcp.xml where nothing is said; {@code fast}, {@code new} (NAKACK4 and UNICAST4), {@code nio},
 * {@code low-latency}. Bundlers: {@code pd} (per destination, shipped), {@code transfer-queue}, {@code no-bundler}; {@code
 * linked} has the bundler use a linked queue instead of a ring buffer, {@code sender-threads} a thread for each destination.
 * Message processing policies: {@code max} (shipped), {@code direct}, {@code all-direct}, {@code submit}, {@code unbatch}.
 * {@code platform} is for platform threads instead of virtual ones, which JDK 17 does not have. {@code credits-…} are those
 * of flow control. {@code oob} sends what belongs to a round out of band and not bundled; messages of a broadcast must stay in
 * order and can't be sent like that.
 *
 * <p>There is no more {@code drop_when_full} to choose: since 5.5 it is ignored. There is no ring bundler either: the ring
 * buffer is the shipped queue of the other two.
 */
public final class JGroupsConfigurations {

    /** Over UDP, the shipped one first. */
    public static final List<String> UDP = List.of(
            "",
            "oob",
            "direct",
            "direct.oob",
            "all-direct",
            "all-direct.oob",
            "submit",
            "unbatch",
            "linked",
            "sender-threads",
            "platform",
            "transfer-queue",
            "transfer-queue.linked",
            "transfer-queue.all-direct",
            "no-bundler",
            "no-bundler.direct",
            "no-bundler.all-direct",
            "no-bundler.all-direct.oob",
            "no-bundler.all-direct.platform",
            "all-direct.platform",
            "credits-2m",
            "credits-8m",
            "credits-8m.all-direct",
            "fast",
            "new",
            "new.all-direct",
            "new.no-bundler.all-direct");

    /** Over TCP, the shipped one first. */
    public static final List<String> TCP = List.of(
            "",
            "oob",
            "direct",
            "all-direct",
            "all-direct.platform",
            "platform",
            "sender-threads",
            "transfer-queue",
            "transfer-queue.all-direct",
            "no-bundler.all-direct",
            "no-bundler.all-direct.oob",
            "no-bundler.all-direct.platform",
            "credits-8m",
            "new",
            "new.all-direct",
            "nio",
            "low-latency");

    /** Over UDP with encryption, for which there is one shipped stack. */
    public static final List<String> ENCRYPTED =
            List.of("", "transfer-queue", "all-direct", "no-bundler.all-direct", "credits-8m");

    private JGroupsConfigurations() {}
}
