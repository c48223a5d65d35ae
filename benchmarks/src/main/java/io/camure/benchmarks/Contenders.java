package io.camure.benchmarks;

import io.camure.Transport;
import io.camure.benchmarks.Family.Kind;
import io.camure.benchmarks.peers.AeronContender;
import io.camure.benchmarks.peers.HazelcastContender;
import io.camure.benchmarks.peers.JGroupsConfigurations;
import io.camure.benchmarks.peers.JGroupsContender;
import io.camure.benchmarks.peers.MpiContender;
import io.camure.benchmarks.peers.RedisContender;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All systems, in the order of the report. */
public final class Contenders {

    /**
     * What is compared by {@code --secured}: sealed and in clear, beside JGroups with its encryption, and Hazelcast in clear, whose
     * encryption is a licensed feature.
     */
    static final List<String> SECURED = List.of(
            "camure-nio",
            "sealed-camure-nio",
            "camure-linux",
            "sealed-camure-linux",
            "sealed-jgroups-udp",
            "hazelcast");

    private static final String SEALED = "sealed-";
    private static final Map<String, Family> FAMILIES = new LinkedHashMap<>();

    static {
        add(Family.of(
                "camure-nio", "camure", Kind.CAMURE, settings -> new CamureContender(Transport.NIO, settings, false)));
        add(Family.of(
                "camure-linux",
                "camure",
                Kind.CAMURE,
                settings -> new CamureContender(Transport.LINUX, settings, false)));
        add(Family.of("jgroups-udp", "JGroups", Kind.PEER, settings -> new JGroupsContender("udp", settings, false))
                .with(JGroupsConfigurations.UDP));
        add(Family.of("jgroups-tcp", "JGroups", Kind.PEER, settings -> new JGroupsContender("tcp", settings, false))
                .with(JGroupsConfigurations.TCP));
        add(Family.of("aeron-mcast", "Aeron", Kind.PEER, settings -> new AeronContender(true, settings))
                .with(AeronContender.MULTICAST_CONFIGURATIONS)
                .withJvmOptions(AeronContender.JVM_OPTIONS));
        add(Family.of("aeron-mdc", "Aeron", Kind.PEER, settings -> new AeronContender(false, settings))
                .with(AeronContender.CONFIGURATIONS)
                .withJvmOptions(AeronContender.JVM_OPTIONS));
        add(Family.of("hazelcast", "Hazelcast", Kind.PEER, HazelcastContender::new)
                .with(HazelcastContender.CONFIGURATIONS)
                .withJvmOptions(HazelcastContender.JVM_OPTIONS));
        add(Family.of("redis", "Redisson", Kind.PEER, RedisContender::new)
                .with(RedisContender.CONFIGURATIONS)
                .withPrograms("on Debian: apt-get install redis-server", "redis-server"));
        add(Family.of("openmpi", "Open MPI", Kind.PEER, MpiContender::new)
                .with(MpiContender.CONFIGURATIONS)
                .withPrograms("on Debian: apt-get install openmpi-bin libopenmpi-dev", "mpirun", "mpicc"));
        add(Family.of("bare-nio", "bare", Kind.FLOOR, settings -> new BareContender(false)));
        add(Family.of("bare-nio-spin", "bare", Kind.FLOOR, settings -> new BareContender(true)));
        add(Family.of("bare-linux", "bare", Kind.FLOOR, settings -> fromJava22("BareLinuxContender")));
        add(Family.of(
                SEALED + "camure-nio",
                "camure",
                Kind.CAMURE,
                settings -> new CamureContender(Transport.NIO, settings, true)));
        add(Family.of(
                SEALED + "camure-linux",
                "camure",
                Kind.CAMURE,
                settings -> new CamureContender(Transport.LINUX, settings, true)));
        add(Family.of(
                        SEALED + "jgroups-udp",
                        "JGroups",
                        Kind.PEER,
                        settings -> new JGroupsContender("udp", settings, true))
                .with(JGroupsConfigurations.ENCRYPTED));
    }

    /** The names of all families, for a help text. */
    static final class Names extends ArrayList<String> {

        private static final long serialVersionUID = 1;

        Names() {
            super(families());
        }
    }

    private Contenders() {}

    private static void add(Family family) {
        FAMILIES.put(family.name(), family);
    }

    /** The names of all families. */
    public static Set<String> families() {
        return FAMILIES.keySet();
    }

    /** Those that take part unless others are named: encryption is compared by itself. */
    static List<String> usual() {
        return FAMILIES.keySet().stream()
                .filter(name -> !name.startsWith(SEALED))
                .toList();
    }

    /** The family of a system. */
    public static Family familyOf(SystemName system) {
        Family family = FAMILIES.get(system.family());
        if (family == null) {
            throw new IllegalArgumentException(
                    "there is no system '" + system.family() + "'; there are " + String.join(", ", families()));
        }
        return family;
    }

    /** The family of a system. */
    public static Family familyOf(String system) {
        return familyOf(SystemName.parse(system));
    }

    /** Whether it is what is compared, and not what that is compared with. */
    public static boolean isCamure(String system) {
        return familyOf(system).kind() == Kind.CAMURE;
    }

    /**
     * What a word on the command line means: all configurations of a family, of the families whose name begins with it and
     * a hyphen, or a single one.
     */
    static List<SystemName> matching(String word) {
        List<SystemName> found = new ArrayList<>();
        for (String name : families()) {
            if (name.equals(word) || name.startsWith(word + "-")) {
                found.addAll(familyNamed(name));
            }
        }
        if (found.isEmpty()) {
            SystemName single = SystemName.parse(word);
            try {
                named(single);
            } catch (UnsupportedOperationException e) {
                // Its failure will say why.
            }
            found.add(single);
        }
        return found;
    }

    /** All configurations of a family. */
    static List<SystemName> familyNamed(String name) {
        return familyOf(name).configurations().stream()
                .map(configuration -> new SystemName(name, configuration, "", Start.PLAIN))
                .toList();
    }

    /** @throws UnsupportedOperationException when it can't run on this JVM */
    static Contender named(SystemName system) {
        return familyOf(system).create(system.configuration());
    }

    /** Whether it can do this work; one that can't run here is let try, so that its failure says why. */
    static boolean canDo(SystemName system, Work work) {
        try {
            return named(system).works().contains(work);
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
}
