package io.camure.benchmarks;

import io.camure.Transport;
import io.camure.benchmarks.peers.AeronContender;
import io.camure.benchmarks.peers.HazelcastContender;
import io.camure.benchmarks.peers.JGroupsContender;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** All systems by name, in the order of the report. */
public final class Contenders {

    private static final Map<String, Factory> ALL = new LinkedHashMap<>();

    static {
        ALL.put("camure-nio", () -> new CamureContender(Transport.NIO));
        ALL.put("camure-linux", () -> new CamureContender(Transport.LINUX));
        ALL.put("jgroups-udp", () -> new JGroupsContender("udp.xml"));
        ALL.put("jgroups-tcp", () -> new JGroupsContender("tcp.xml"));
        ALL.put("aeron-mcast", () -> new AeronContender(true));
        ALL.put("aeron-mdc", () -> new AeronContender(false));
        ALL.put("hazelcast", HazelcastContender::new);
        ALL.put("bare-nio", () -> new BareContender(false));
        ALL.put("bare-nio-spin", () -> new BareContender(true));
        ALL.put("bare-linux", () -> fromJava22("BareLinuxContender"));
    }

    private Contenders() {}

    static Set<String> names() {
        return ALL.keySet();
    }

    public static boolean isCamure(String name) {
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

    /** What a JDK before 22 neither compiles nor loads. */
    private static Contender fromJava22(String name) {
        try {
            return Class.forName(Contenders.class.getPackageName() + "." + name)
                    .asSubclass(Contender.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new UnsupportedOperationException("it needs Java 22 or later", e);
        }
    }

    private interface Factory {

        Contender create();
    }
}
