package io.camure.doctor;

import io.camure.Transport;
import io.camure.node.session.MemberPlace;
import io.camure.node.session.Ports;
import io.camure.node.session.ReceiveBuffer;
import io.camure.protocol.base.Format;
import io.camure.transport.DatagramPort;
import io.camure.transport.NetworkInterfaces;
import io.camure.transport.PortProvider;
import io.camure.transport.PortProviders;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What this machine alone decides. */
final class LocalRungs {

    private static final String INTERFACES = "interfaces";
    private static final String TRANSPORT = "transport";
    private static final String BUFFERS = "buffers";

    /** What the smallest congestion window takes: fewer chunks on their way are a crawl. */
    private static final int FEWEST_CHUNKS = 16;

    /** What the kernel takes for itself of each datagram's place in a buffer, as the congestion window counts it. */
    private static final int OVERHEAD_BYTES = 832;

    private LocalRungs() {}

    /** By what datagrams are sent. */
    static Rung transport(Optional<PortProvider> network, Transport wanted) {
        String name;
        try {
            name = Ports.provider(network, wanted).name();
        } catch (IOException e) {
            return new Rung(
                    TRANSPORT,
                    null,
                    Status.RED,
                    e.getMessage() + ".",
                    "Set transport (camure.transport) to auto, or give it what it lacks.",
                    null);
        }
        if (network.isPresent() || !name.equals("nio") || wanted == Transport.NIO || !isLinux()) {
            return Rung.green(TRANSPORT, null, "Datagrams are sent by " + name + ".");
        }
        return new Rung(
                TRANSPORT,
                null,
                Status.AMBER,
                "Datagrams are sent by nio: " + refusal() + ".",
                "Run on Java 22 or later with camure-transport-linux on the class path: broadcasts get several times faster.",
                "java -version");
    }

    private static boolean isLinux() {
        return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux");
    }

    private static String refusal() {
        try {
            return "transport " + PortProviders.named("linux").name() + " works, but was not taken";
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Which interfaces there are, without one that was chosen. */
    static Rung interfaces(InetSocketAddress coordinator, IOException failure) {
        return new Rung(
                INTERFACES,
                null,
                Status.RED,
                "No interface leads to " + Format.address(coordinator) + ": " + failure.getMessage() + ".",
                "Set network-interface (camure.member.network-interface) to one of this machine, or leave it out; where there"
                        + " is no route, add one.",
                "ip route get " + coordinator.getHostString());
    }

    /** Which interface was chosen, and why. */
    static Rung interfaces(InetSocketAddress coordinator, MemberPlace place, @Nullable String wanted)
            throws SocketException {
        NetworkInterface chosen = place.networkInterface();
        String found =
                "Group traffic arrives by " + NetworkInterfaces.describe(chosen) + ", MTU " + chosen.getMTU() + ", "
                        + (wanted == null
                                ? "which has the address towards " + Format.address(coordinator)
                                : "as network-interface says: " + wanted)
                        + "; there are " + all() + ".";
        if (place.isSplit()) {
            return new Rung(
                    INTERFACES,
                    null,
                    Status.AMBER,
                    found + " The coordinator is reached from " + place.local().getHostAddress()
                            + ", which that one does not have.",
                    splitFix(place),
                    "ip -brief address");
        } else if (!chosen.isUp() || !chosen.isLoopback() && !chosen.supportsMulticast()) {
            return new Rung(
                    INTERFACES,
                    null,
                    Status.AMBER,
                    found + (chosen.isUp() ? " It carries no multicast." : " It is down."),
                    chosen.isUp()
                            ? "Set the coordinator's delivery to unicast, or network-interface to one that does."
                            : "Bring it up.",
                    chosen.isUp() ? "ip -brief link" : "ip link set " + chosen.getName() + " up");
        }
        return Rung.green(INTERFACES, null, found);
    }

    static String splitFix(MemberPlace place) {
        return "Leave network-interface (camure.member.network-interface) out, or set it to "
                + place.local().getHostAddress() + ", unless multicast is meant to take another way.";
    }

    static String all() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .map(NetworkInterfaces::describe)
                .collect(Collectors.joining(", "));
    }

    /**
     * What the kernel gave of the buffers that were asked for, which it counts with its own overhead.
     *
     * @param askedReceiveBytes and
     * @param askedSendBytes 0 for what the system gives
     */
    static Rung buffers(int askedReceiveBytes, int askedSendBytes, DatagramPort port, int chunkBytes)
            throws IOException {
        int chunks = port.receiveBufferBytes() / (chunkBytes + OVERHEAD_BYTES);
        int sendBytes = port.sendBufferBytes();
        String found = "The receive buffer holds about " + chunks + " chunks of " + chunkBytes + " bytes ("
                + asked(askedReceiveBytes) + port.receiveBufferBytes() + " granted as the kernel counts them)"
                + (sendBytes == 0
                        ? "."
                        : ", the send buffer about " + sendBytes / (chunkBytes + OVERHEAD_BYTES) + " ("
                                + asked(askedSendBytes) + sendBytes + " granted).");
        boolean few = chunks < FEWEST_CHUNKS;
        boolean fewReceived = few || ReceiveBuffer.shortfall(askedReceiveBytes, port.receiveBufferBytes()) != null;
        boolean fewSent = sendBytes > 0 && askedSendBytes > (isLinux() ? sendBytes / 2 : sendBytes);
        if (!fewReceived && !fewSent) {
            return Rung.green(BUFFERS, null, found);
        }
        int needed = Math.max(askedReceiveBytes, 1 << 20);
        List<String> limits = new ArrayList<>();
        if (fewReceived) {
            limits.add("net.core.rmem_max=" + needed);
        }
        if (fewSent) {
            limits.add("net.core.wmem_max=" + askedSendBytes);
        }
        return new Rung(
                BUFFERS,
                null,
                few ? Status.RED : Status.AMBER,
                found,
                (few && askedReceiveBytes < needed ? "Set receive-buffer to 1MB, and allow" : "Allow")
                        + " that much, so that more chunks can be on their way at once.",
                isLinux() ? "sysctl -w " + String.join(" ", limits) : null);
    }

    private static String asked(int bytes) {
        return bytes == 0 ? "" : "asked for " + bytes + " bytes, ";
    }
}
