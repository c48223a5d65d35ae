package io.camure.doctor;

import io.camure.node.session.MemberPlace;
import io.camure.protocol.base.Format;
import io.camure.wire.GroupDelivery;
import java.net.InetSocketAddress;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/** What the passage of datagrams means, and what to do about it. */
record PassageRungs(
        String at, InetSocketAddress coordinator, InetSocketAddress group, GroupDelivery delivery, MemberPlace place) {

    private static final String UNICAST = "unicast";
    private static final String MULTICAST = "multicast";
    private static final String MULTICAST_THERE = "multicast there";
    private static final String MULTICAST_LATER = "multicast later";
    private static final String TTL = "ttl";

    Rung unicast(Passage.Count count) {
        if (count.isNone()) {
            return new Rung(
                    UNICAST,
                    at,
                    Status.RED,
                    "It let this node in, but answered none of " + count.asked() + " echo requests.",
                    "Look for a firewall that lets only some datagrams pass, and try again.",
                    ping());
        }
        String found = count.describe() + " requests were answered, " + count.roundTrips() + ".";
        return count.isAll()
                ? Rung.green(UNICAST, at, found)
                : new Rung(
                        UNICAST,
                        at,
                        Status.AMBER,
                        found,
                        "Look for a link that loses datagrams, or a machine that is too busy: what is lost is repeated, which takes time.",
                        ping());
    }

    private String ping() {
        return "ping -c 100 -i 0.2 " + coordinator.getAddress().getHostAddress();
    }

    /** Without multicast a session works unless it is told to use nothing else. */
    private Status without() {
        return delivery == GroupDelivery.MULTICAST ? Status.RED : Status.AMBER;
    }

    private String consequence() {
        return delivery == GroupDelivery.MULTICAST
                ? " The session delivers by multicast alone, so that this node gets only what is repeated."
                : " This node is served by unicast, which costs the coordinator a copy of its own.";
    }

    Rung multicastUnused() {
        return Rung.green(MULTICAST, at, "Not used: the session delivers all by unicast.");
    }

    Rung multicastRefused(String why) {
        return new Rung(
                MULTICAST,
                at,
                without(),
                "This machine can't listen to " + Format.address(group) + ": " + why + "." + consequence(),
                "Set network-interface (camure.member.network-interface) to one that carries multicast, or the coordinator's delivery to unicast.",
                "ip -brief link");
    }

    Rung multicast(Passage.Count count) {
        String found = count.describe() + " answers were heard that were sent to " + Format.address(group) + ", by "
                + place.networkInterface().getName() + ".";
        if (count.isAll()) {
            return Rung.green(
                    MULTICAST, at, found + " Whether it lasts takes minutes to find out: camure-doctor check --watch.");
        } else if (!count.isNone()) {
            return new Rung(
                    MULTICAST,
                    at,
                    Status.AMBER,
                    found,
                    "Look for a link that loses multicast, as Wi-Fi does, or a limit of a switch.",
                    "ip -statistics link show dev " + place.networkInterface().getName());
        } else if (place.isSplit()) {
            return new Rung(
                    MULTICAST,
                    at,
                    Status.RED,
                    found + " It listens by another interface than the one with its address "
                            + place.local().getHostAddress() + "." + consequence(),
                    LocalRungs.splitFix(place),
                    "ip -brief address");
        }
        return new Rung(
                MULTICAST,
                at,
                without(),
                found + consequence(),
                "Have the network carry multicast: let " + Format.address(group)
                        + " through firewalls, and give switches with IGMP snooping a querier; where that can't be, set the"
                        + " coordinator's delivery to unicast.",
                "ip maddress show dev " + place.networkInterface().getName());
    }

    Rung multicastThere(Passage.Count count) {
        String found = "The other side heard " + count.describe() + " requests that this node sent to "
                + Format.address(group) + ".";
        return count.isAll()
                ? Rung.green(MULTICAST_THERE, at, found)
                : new Rung(
                        MULTICAST_THERE,
                        at,
                        Status.AMBER,
                        found,
                        "If this node is ever to be the coordinator, look at its firewall, and at its interface for group traffic.",
                        "ip route get " + group.getAddress().getHostAddress());
    }

    /** @param endedNanos after how long it was not heard any more, or -1 */
    Rung multicastLater(long watchedNanos, long endedNanos) {
        if (endedNanos < 0) {
            return Rung.green(
                    MULTICAST_LATER, at, "Answers were still heard after " + Format.duration(watchedNanos) + ".");
        }
        return new Rung(
                MULTICAST_LATER,
                at,
                without(),
                "Answers by multicast were not heard any more after " + Format.duration(endedNanos) + "."
                        + consequence(),
                "Give the network an IGMP querier, or switch the snooping of its switches off: a switch without one forgets who"
                        + " listens.",
                "ip link set dev BRIDGE type bridge mcast_querier 1");
    }

    /** @param adapts whether the session finds out by itself what passes */
    Rung sizes(Passage.Sizes sizes, int chunkBytes, boolean adapts) {
        int unicast = sizes.unicast();
        Integer multicast = sizes.byMulticast();
        String found = "By unicast " + upTo(unicast, sizes)
                + (multicast == null ? "" : ", by multicast " + upTo(multicast, sizes))
                + "; the chunks of the session have up to " + chunkBytes + " bytes.";
        return new SizesRung(at, coordinator.getAddress(), chunkBytes, adapts, without()).of(found, unicast, multicast);
    }

    private static String upTo(int bytes, Passage.Sizes sizes) {
        return bytes == 0
                ? "not even " + Passage.SMALLEST_BYTES + " bytes pass"
                : "up to " + bytes + " bytes pass"
                        + (bytes == sizes.tried() ? ", the most that the interface takes" : "");
    }

    /**
     * @param heard whether multicast is heard; {@code null} when that was not tried
     * @param hops {@code null} where they can't be counted
     */
    Rung ttl(@Nullable Boolean heard, @Nullable Hops hops) throws SocketException {
        if (!place.isOfMachine()) {
            return Rung.green(TTL, at, "No router is between: this network is in memory.");
        }
        boolean neighbour = Subnets.isNeighbour(coordinator.getAddress());
        boolean routed = hops == null ? !neighbour : hops.routers() > 0;
        String found = hops != null ? hops.describe() : uncounted(neighbour);
        if (!routed) {
            return Rung.green(TTL, at, found);
        } else if (delivery == GroupDelivery.UNICAST || Boolean.TRUE.equals(heard)) {
            return Rung.green(TTL, at, found + (heard == null ? " No multicast is used." : " Group traffic passes."));
        }
        return new Rung(
                TTL,
                at,
                without(),
                found + " Group traffic passes only with a multicast-ttl above that, and by multicast routing.",
                "Set multicast-ttl (camure.coordinator.multicast-ttl) to "
                        + (hops == null ? "the number of routers and one more" : hops.routers() + 1 + " or more")
                        + ", and have routers route multicast.",
                "traceroute -n " + coordinator.getAddress().getHostAddress());
    }

    private static String uncounted(boolean neighbour) {
        return neighbour
                ? "No router is between, as far as addresses tell: the coordinator is in a network of this machine."
                : "The coordinator is in none of the networks of this machine: there is a router between, or several. Only the"
                        + " Linux transport can count them.";
    }
}
