package io.camure;

import io.camure.protocol.base.Checks;
import io.camure.protocol.base.Format;
import io.camure.wire.Term;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** How a coordinator runs its session. Immutable; {@link #defaults()} is right for services in one local network. */
public final class CoordinatorConfig extends NodeConfig {

    private static final CoordinatorConfig DEFAULTS = builder().build();

    private final Builder settings;

    private CoordinatorConfig(Builder settings) {
        super(settings);
        this.settings = settings;
    }

    public static CoordinatorConfig defaults() {
        return DEFAULTS;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Begins with these settings; they themselves stay as they are. */
    public Builder toBuilder() {
        return settings.copy();
    }

    /** See {@link Builder#chunkSize}; empty for what the network takes. */
    public OptionalInt chunkSize() {
        return settings.chunkSize == 0 ? OptionalInt.empty() : OptionalInt.of(settings.chunkSize);
    }

    /** See {@link Builder#heartbeatInterval}. */
    public Duration heartbeatInterval() {
        return settings.heartbeatInterval;
    }

    /** See {@link Builder#memberTimeout}. */
    public Duration memberTimeout() {
        return settings.memberTimeout;
    }

    /** See {@link Builder#legacyLinger}. */
    public Duration legacyLinger() {
        return settings.legacyLinger;
    }

    /** See {@link Builder#multicastTtl}. */
    public int multicastTtl() {
        return settings.multicastTtl;
    }

    /** See {@link Builder#delivery}. */
    public DeliveryMode delivery() {
        return settings.delivery;
    }

    /** See {@link Builder#advertisedAddress}. */
    public Optional<InetSocketAddress> advertisedAddress() {
        return Optional.ofNullable(settings.advertisedAddress);
    }

    /** See {@link Builder#announced}. */
    public boolean announced() {
        Boolean announced = settings.announced;
        return announced != null ? announced : sessionName().isPresent();
    }

    /** See {@link Builder#acceptLegacy}. */
    public boolean acceptLegacy() {
        return settings.acceptLegacy;
    }

    /** See {@link Builder#maximumMembers}. */
    public int maximumMembers() {
        return settings.maximumMembers;
    }

    /** See {@link Builder#term}. */
    public long term() {
        return settings.term;
    }

    /** See {@link Builder#lease}; empty for a coordinator that may act for as long as it is open. */
    public Optional<CoordinatorLease> lease() {
        return Optional.ofNullable(settings.lease);
    }

    /** See {@link Builder#sendWindow}. */
    public int sendWindow() {
        return settings.sendWindow;
    }

    /** Collects settings; each setter refuses null and what is out of range with an {@link IllegalArgumentException}. */
    public static final class Builder extends NodeConfig.Builder<Builder> {

        /** What the network takes is not more. */
        private static final int LONGEST_UNLESS_TOLD = 1472;

        /** 0 for what the network takes. */
        private int chunkSize;

        private Duration heartbeatInterval = Duration.ofSeconds(1);
        private Duration memberTimeout = Duration.ofSeconds(5);
        private Duration legacyLinger = Duration.ofSeconds(5);
        private int multicastTtl = 1;
        private DeliveryMode delivery = DeliveryMode.AUTO;
        private @Nullable InetSocketAddress advertisedAddress;
        private @Nullable Boolean announced;
        private boolean acceptLegacy = true;
        private int maximumMembers = 1024;
        private int sendWindow = 512;
        private long term;
        private @Nullable CoordinatorLease lease;

        private Builder() {
            super("coordinator", 1 << 20);
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * The largest datagram of the session: 508…65507 bytes. Unless told, what the network interface takes in one piece, its
         * MTU without the headers of IP and UDP: at most 1472, with IPv6 1452, and with jumbo frames more where all members of a
         * group get them; 1472 on loopback. More than the MTU takes is split by IP, which is faster on loopback and loses more
         * on a network. Members to which less gets are sent less in either case, see RFC 8899.
         */
        public Builder chunkSize(int bytes) {
            chunkSize = Checks.range("chunkSize", bytes, 508, 65507, "bytes");
            return this;
        }

        /** How long a member may be silent before it sends a sign of life: 10 ms to an hour; 1 s unless told. */
        public Builder heartbeatInterval(Duration interval) {
            heartbeatInterval = Checks.range("heartbeatInterval", interval, Duration.ofMillis(10), Duration.ofHours(1));
            return this;
        }

        /** How long a member may be silent before it is taken for lost: more than the heartbeat interval; 5 s unless told. */
        public Builder memberTimeout(Duration timeout) {
            memberTimeout = Checks.positive("memberTimeout", timeout);
            return this;
        }

        /**
         * How long closing a group, or the session, waits for 0.1 members to leave before it tells them of the end: zero (it
         * does not wait) to a year; 5 s unless told. Such a member may lose what it has acknowledged and not read when it
         * learns that the group is closed. Closing goes on as soon as all of them have left.
         */
        public Builder legacyLinger(Duration linger) {
            legacyLinger = Checks.range("legacyLinger", linger, Duration.ZERO, Checks.LONGEST);
            return this;
        }

        /** How far multicast goes: 1 (the default) stays in the local network, 0 on the host, up to 255. */
        public Builder multicastTtl(int hops) {
            multicastTtl = Checks.range("multicastTtl", hops, 0, 255, "hops");
            return this;
        }

        /** How what is for all in a group gets to them; {@link DeliveryMode#AUTO} unless told. */
        public Builder delivery(DeliveryMode mode) {
            delivery = Checks.given("delivery", mode);
            return this;
        }

        /**
         * The coordinator's address as members see it, where that is not one of this machine: behind a translation of addresses.
         * Members take group traffic that comes from there, as they do from the bind address or, with a wildcard, the addresses
         * of the network interface. They are told when they join; those of earlier builds and of protocol 0.1 know nothing of it.
         *
         * @param address of the same IP version as the bind address; with port 0 for the port of that
         * @throws IllegalArgumentException when it is not resolved, a wildcard or a multicast address
         */
        public Builder advertisedAddress(InetSocketAddress address) {
            InetAddress ip = Checks.given("advertisedAddress", address).getAddress();
            if (ip == null || ip.isAnyLocalAddress() || ip.isMulticastAddress()) {
                throw new IllegalArgumentException("advertisedAddress is " + Format.address(address) + ": it must be "
                        + (ip == null ? "a host whose name can be resolved" : "the address of one host"));
            }
            advertisedAddress = address;
            return this;
        }

        /**
         * Whether members find this coordinator by the name of the session, see {@link Member#announcedCoordinator}. That takes a
         * socket and a thread, which sleeps unless somebody asks. Unless told, they do if the session has a {@linkplain
         * #sessionName name}.
         */
        public Builder announced(boolean announced) {
            this.announced = announced;
            return this;
        }

        /**
         * Whether nodes are let in that speak only protocol 0.1, or are of an earlier build; {@code true} unless told. They can't
         * prove that they receive what is sent to their address, so anybody who can send datagrams to this coordinator can pose as
         * such a node, fill the session, and have others get datagrams that they did not ask for. With {@code false} such nodes are
         * refused, and the members of the session believe nothing that such a coordinator would say.
         */
        public Builder acceptLegacy(boolean accept) {
            acceptLegacy = accept;
            return this;
        }

        /** How many nodes may be in the session: 1…65535; 1024 unless told. Further ones are refused. */
        public Builder maximumMembers(int members) {
            maximumMembers = Checks.range("maximumMembers", members, 1, 65535, "");
            return this;
        }

        /**
         * In which term this coordinator was elected, where coordinators are: 1…2⁶², and higher than that of each before it, by 2⁴⁸ at most.
         * Members that were in the session of a coordinator refuse those of lower terms, and of terms that are so much higher. 0, unless
         * told, is for one that nobody has elected.
         */
        public Builder term(long term) {
            if (term < 0 || term > Term.MOST) {
                throw new IllegalArgumentException(
                        "term is " + term + ": it must be 0 to " + Term.MOST
                                + ", as members join no session of another. What counts the terms has to begin anew, and all nodes to be restarted");
            }
            this.term = term;
            return this;
        }

        /**
         * For how long this coordinator may act. Once the lease is over it takes and sends nothing any more, completes no round, and
         * all waiting calls fail with a {@link DisconnectedException}; it is still to be closed. Unless told, it may act for as long
         * as it is open.
         */
        public Builder lease(CoordinatorLease lease) {
            this.lease = Checks.given("lease", lease);
            return this;
        }

        /**
         * How many chunks of a broadcast are kept until every member has them: 1…1024; 512 unless told. Fewer are on their
         * way where the members' socket buffers hold fewer, 64 at most with a 0.1 member. Takes this many times the chunk
         * size of memory for each broadcast group that sends.
         */
        public Builder sendWindow(int chunks) {
            sendWindow = Checks.range("sendWindow", chunks, 1, 1024, "chunks");
            return this;
        }

        /**
         * @throws IllegalArgumentException when the member timeout is not greater than the heartbeat interval, not one chunk fits into
         *     a socket buffer, or the session is to be announced and has no name
         */
        public CoordinatorConfig build() {
            if (memberTimeout.compareTo(heartbeatInterval) <= 0) {
                throw new IllegalArgumentException("memberTimeout is " + Format.setting(memberTimeout)
                        + ": it must be greater than heartbeatInterval, which is " + Format.setting(heartbeatInterval));
            }
            CoordinatorConfig config = new CoordinatorConfig(copy());
            if (config.announced() && config.sessionName().isEmpty()) {
                throw new IllegalArgumentException("a session is announced by its name, and sessionName is not set");
            }
            requireRoom("sendBuffer", config.sendBuffer());
            requireRoom("receiveBuffer", config.receiveBuffer());
            return config;
        }

        private void requireRoom(String buffer, int bytes) {
            int longest = chunkSize == 0 ? LONGEST_UNLESS_TOLD : chunkSize;
            if (bytes > 0 && bytes < longest) {
                throw new IllegalArgumentException(
                        buffer + " is " + bytes + ": it must not be less than chunkSize, which is "
                                + (chunkSize == 0 ? "up to " : "") + longest
                                + ", since not one datagram would fit; 0 leaves the kernel's default");
            }
        }
    }
}
