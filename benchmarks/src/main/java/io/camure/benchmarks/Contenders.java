package io.camure.benchmarks;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** All systems by name, in the order of the report. */
final class Contenders {

    private static final Map<String, Factory> ALL = new LinkedHashMap<>();

    static {
        ALL.put("camure-nio", CamureContender::new);
        ALL.put("jgroups-udp", () -> new JGroupsContender("udp.xml"));
        ALL.put("jgroups-tcp", () -> new JGroupsContender("tcp.xml"));
        ALL.put("aeron-mcast", () -> new AeronContender(true));
        ALL.put("aeron-mdc", () -> new AeronContender(false));
        ALL.put("hazelcast", HazelcastContender::new);
        ALL.put("bare-nio", () -> new BareContender(false));
        ALL.put("bare-nio-spin", () -> new BareContender(true));
    }

    private Contenders() {}

    static Set<String> names() {
        return ALL.keySet();
    }

    static boolean isCamure(String name) {
        return name.startsWith("camure-");
    }

    /** @throws UnsupportedOperationException when it can't run on this JVM */
    static Contender named(String name) {
        Factory factory = ALL.get(name);
        if (factory == null) {
            throw new IllegalArgumentException("there is no system '" + name + "'");
        }
        return factory.create();
    }

    /** Whether it can do this work; one that can't run here is let try, so that its failure says why. */
    static boolean canDo(String name, Work work) {
        try {
            return named(name).works().contains(work);
        } catch (UnsupportedOperationException e) {
            return true;
        }
    }

    private interface Factory {

        Contender create();
    }
}
