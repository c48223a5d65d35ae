package io.camure.doctor;

import io.camure.DeliveryMode;
import io.camure.node.CoordinatorNode;
import io.camure.protocol.base.Format;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/** What a coordinator sees of its machine and of its members, and what to do about it. */
record CoordinatorRungs(CoordinatorNode node) {

    private static final String INTERFACES = "interfaces";
    private static final String MEMBERS = "members";
    private static final String UNICAST = "unicast";
    private static final String MULTICAST = "multicast";

    Rung interfaces() throws SocketException {
        String found = "The session is at "
                + node.place().describe(node.address(), node.multicastAddress(), node.config()) + ", MTU "
                + node.place().networkInterface().getMTU() + "; there are "
                + LocalRungs.all() + ".";
        if (!node.place().warnings().isEmpty()) {
            return new Rung(
                    INTERFACES,
                    null,
                    Status.AMBER,
                    found + " " + Format.sentence(String.join("; ", node.place().warnings())),
                    "Set bind-address (camure.coordinator.bind-address) to the address that members ask, and network-interface"
                            + " to the interface that has it.",
                    "ip -brief address");
        }
        return Rung.green(INTERFACES, null, found);
    }

    /** @param visitors doctors, which were not asked */
    Rung members(int answering, int all, int visitors) {
        String found = answering + " of " + all + " members answer echo requests"
                + (answering > CoordinatorExamination.MOST_MEMBERS
                        ? "; " + CoordinatorExamination.MOST_MEMBERS + " of them were asked."
                        : ".")
                + switch (visitors) {
                    case 0 -> "";
                    case 1 -> " Another doctor looks around in the session.";
                    default -> " " + visitors + " other doctors look around in the session.";
                };
        return answering == all
                ? Rung.green(MEMBERS, null, found)
                : new Rung(
                        MEMBERS,
                        null,
                        Status.AMBER,
                        found,
                        "Update the others: they speak only protocol 0.1, or run an earlier build.",
                        null);
    }

    Rung unicast(String at, InetSocketAddress member, Passage.Count count) {
        String found = "It answered " + count.describe() + " requests";
        if (count.isNone()) {
            return new Rung(
                    UNICAST,
                    at,
                    Status.RED,
                    found + ".",
                    "Let UDP from this node through to it: it is heard, and hears nothing.",
                    ping(member));
        }
        found += ", " + count.roundTrips() + ".";
        return count.isAll()
                ? Rung.green(UNICAST, at, found)
                : new Rung(
                        UNICAST,
                        at,
                        Status.AMBER,
                        found,
                        "Look for a link that loses datagrams, or a machine that is too busy.",
                        ping(member));
    }

    private static String ping(InetSocketAddress member) {
        return "ping -c 100 -i 0.2 " + member.getAddress().getHostAddress();
    }

    private Status without() {
        return node.delivery() == DeliveryMode.MULTICAST ? Status.RED : Status.AMBER;
    }

    Rung multicast(String at, InetSocketAddress member, int heard, int asked) throws SocketException {
        String group = Format.address(node.multicastAddress());
        String found = "It heard " + heard + " of " + asked + " requests to " + group + ", sent by "
                + node.networkInterface() + ".";
        if (heard == asked) {
            return Rung.green(MULTICAST, at, found);
        } else if (heard > 0) {
            return new Rung(
                    MULTICAST,
                    at,
                    Status.AMBER,
                    found,
                    "Look for a link that loses multicast, as Wi-Fi does, or a limit of a switch.",
                    "ip -statistics link show dev " + node.networkInterface());
        }
        return routed(member.getAddress())
                ? new Rung(
                        MULTICAST,
                        at,
                        without(),
                        found + " A router is between, and multicast-ttl is "
                                + node.config().multicastTtl() + ".",
                        "Set multicast-ttl (camure.coordinator.multicast-ttl) to the number of routers and one more, and have"
                                + " them route multicast; or set the delivery to unicast.",
                        "traceroute -n " + member.getAddress().getHostAddress())
                : new Rung(
                        MULTICAST,
                        at,
                        without(),
                        found,
                        "Have the network carry multicast: let " + group
                                + " through firewalls, give switches with IGMP snooping"
                                + " a querier, and have the member listen by the right network-interface; where that can't be,"
                                + " set the delivery (camure.coordinator.delivery) to unicast.",
                        "tcpdump -n -i " + node.networkInterface() + " dst "
                                + node.multicastAddress().getAddress().getHostAddress());
    }

    private boolean routed(InetAddress member) throws SocketException {
        return node.config().network().isEmpty() && !Subnets.isNeighbour(member);
    }

    /**
     * @param byMulticast {@code null} when nothing is heard by it
     * @param adapts whether the session finds out by itself what gets there
     */
    Rung sizes(String at, InetSocketAddress member, int unicast, @Nullable Integer byMulticast, boolean adapts) {
        String found =
                "By unicast " + upTo(unicast) + (byMulticast == null ? "" : ", by multicast " + upTo(byMulticast))
                        + "; chunks have " + node.chunkBytes() + ".";
        return new SizesRung(at, member.getAddress(), node.chunkBytes(), adapts, without())
                .of(found, unicast, byMulticast);
    }

    private static String upTo(int bytes) {
        return bytes == 0 ? "not even " + Passage.SMALLEST_BYTES + " bytes arrive" : "up to " + bytes + " bytes arrive";
    }
}
