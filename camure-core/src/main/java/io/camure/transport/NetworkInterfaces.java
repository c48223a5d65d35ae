package io.camure.transport;

import java.io.IOException;
import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.channels.DatagramChannel;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The choice of the network interface for group traffic. */
public final class NetworkInterfaces {

    private NetworkInterfaces() {}

    /**
     * Finds an interface by its name ({@code eth0}), an address that it has ({@code 10.0.0.7}), or a network that one of
     * its addresses is in ({@code 10.0.0.0/24}).
     *
     * @throws IOException when there is none; the message lists those that there are
     */
    public static NetworkInterface find(String nameOrAddress) throws IOException {
        NetworkInterface byName = NetworkInterface.getByName(nameOrAddress);
        if (byName != null) {
            return byName;
        }
        Predicate<InetAddress> matcher = matcher(nameOrAddress);
        return withAddress(matcher)
                .orElseThrow(() -> new IOException("network-interface \"" + nameOrAddress
                        + "\": no interface has this name, this address, or an address in this network; there are "
                        + describeAll()));
    }

    /** The interface that has an address. */
    public static NetworkInterface owning(InetAddress address) throws IOException {
        if (address.isAnyLocalAddress()) {
            return onlyOne(address);
        }
        // Loopback has the whole of 127.0.0.0/8, of which it lists one address.
        Predicate<InetAddress> matcher = address.isLoopbackAddress() ? InetAddress::isLoopbackAddress : address::equals;
        return withAddress(matcher)
                .orElseThrow(() -> new IOException("no network interface has the address " + address.getHostAddress()
                        + "; there are " + describeAll()));
    }

    private static NetworkInterface onlyOne(InetAddress wildcard) throws IOException {
        List<NetworkInterface> candidates = NetworkInterface.networkInterfaces()
                .filter(candidate -> isUsable(candidate) && hasAddress(candidate, a -> !a.isLoopbackAddress()))
                .toList();
        if (candidates.size() == 1) {
            return candidates.get(0);
        }
        throw new IOException("the bind address " + wildcard.getHostAddress()
                + " leaves the network interface for multicast open: set network-interface to one of "
                + describeAll());
    }

    /** The local address from which datagrams to {@code destination} leave. */
    public static InetAddress localAddressTowards(InetSocketAddress destination) throws IOException {
        try (DatagramChannel probe = DatagramChannel.open()) {
            probe.connect(destination);
            return ((InetSocketAddress) probe.getLocalAddress()).getAddress();
        }
    }

    private static Predicate<InetAddress> matcher(String text) throws IOException {
        int slash = text.indexOf('/');
        String literal = slash < 0 ? text : text.substring(0, slash);
        if (!isLiteral(literal)) {
            return address -> false;
        }
        InetAddress network = InetAddress.getByName(literal);
        if (slash < 0) {
            return network::equals;
        }
        int bits = network.getAddress().length * Byte.SIZE;
        String prefix = text.substring(slash + 1);
        if (!prefix.matches("\\d{1,3}") || Integer.parseInt(prefix) > bits) {
            throw new IOException("network-interface \"" + text + "\": the prefix length is 0…" + bits);
        }
        int hostBits = bits - Integer.parseInt(prefix);
        BigInteger wanted = networkPart(network, hostBits);
        return address -> address.getAddress().length * Byte.SIZE == bits
                && networkPart(address, hostBits).equals(wanted);
    }

    /** Whether a text is an IPv4 or IPv6 address or broken, but no name to be looked up. */
    public static boolean isLiteral(String text) {
        return text.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
    }

    private static BigInteger networkPart(InetAddress address, int hostBits) {
        return new BigInteger(1, address.getAddress()).shiftRight(hostBits);
    }

    private static Optional<NetworkInterface> withAddress(Predicate<InetAddress> matcher) throws SocketException {
        return NetworkInterface.networkInterfaces()
                .filter(candidate -> hasAddress(candidate, matcher))
                .findFirst();
    }

    private static boolean hasAddress(NetworkInterface candidate, Predicate<InetAddress> matcher) {
        return candidate.inetAddresses().anyMatch(matcher);
    }

    private static boolean isUsable(NetworkInterface candidate) {
        try {
            return candidate.isUp() && candidate.supportsMulticast();
        } catch (SocketException e) {
            // It went away while it was looked at.
            return false;
        }
    }

    /** An interface by its name and addresses, such as {@code eth0 (10.0.0.7)}. */
    public static String describe(NetworkInterface each) {
        return each.getName()
                + each.inetAddresses().map(InetAddress::getHostAddress).collect(Collectors.joining(", ", " (", ")"));
    }

    /** Whether an interface has an address. */
    public static boolean has(NetworkInterface candidate, InetAddress address) {
        return hasAddress(candidate, address::equals);
    }

    /** The interfaces that can send multicast to other machines, each by its addresses of the same IP version as the given one. */
    public static List<String> describeReachable(InetAddress like) throws IOException {
        return NetworkInterface.networkInterfaces()
                .filter(NetworkInterfaces::isUsable)
                .map(each -> each.getName()
                        + each.inetAddresses()
                                .filter(address -> address.getClass() == like.getClass()
                                        && !address.isLoopbackAddress()
                                        && (address.equals(like) || !address.isLinkLocalAddress()))
                                .map(InetAddress::getHostAddress)
                                .collect(Collectors.joining(", ", " (", ")")))
                .filter(text -> !text.endsWith(" ()"))
                .toList();
    }

    /**
     * Those that are up and by which multicast can go: loopback, then those that have an address which is good beyond their link, then the
     * others. Java lists those first that were made last, which on a host of containers are many that lead nowhere else.
     */
    public static List<NetworkInterface> forMulticast() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .filter(each -> isUsable(each) || isLoopback(each))
                .sorted(Comparator.comparing((NetworkInterface each) -> !isLoopback(each))
                        .thenComparing(each -> !hasAddress(each, address -> !address.isLinkLocalAddress()))
                        .thenComparing(NetworkInterface::getIndex))
                .toList();
    }

    /** Those that are up and have an address of the same IP version as the given one, loopback included, the oldest first. */
    public static List<NetworkInterface> withAddressLike(InetAddress like) throws SocketException {
        return NetworkInterface.networkInterfaces()
                .filter(each -> isUp(each) && hasAddress(each, address -> address.getClass() == like.getClass()))
                .sorted(Comparator.comparing(NetworkInterface::getIndex))
                .toList();
    }

    private static boolean isUp(NetworkInterface candidate) {
        try {
            return candidate.isUp();
        } catch (SocketException e) {
            // It went away while it was looked at.
            return false;
        }
    }

    private static boolean isLoopback(NetworkInterface candidate) {
        try {
            return candidate.isUp() && candidate.isLoopback();
        } catch (SocketException e) {
            // It went away while it was looked at.
            return false;
        }
    }

    /** An address of each IP version that an interface has; of IPv6 a link-local one only if it has no other. */
    public static List<InetAddress> oneOfEachVersion(NetworkInterface candidate) {
        List<InetAddress> ipv4 = candidate
                .inetAddresses()
                .filter(Inet4Address.class::isInstance)
                .limit(1)
                .toList();
        List<InetAddress> ipv6 = candidate
                .inetAddresses()
                .filter(Inet6Address.class::isInstance)
                .sorted(Comparator.comparing(InetAddress::isLinkLocalAddress))
                .limit(1)
                .toList();
        return Stream.concat(ipv4.stream(), ipv6.stream()).toList();
    }

    private static String describeAll() {
        try {
            return NetworkInterface.networkInterfaces()
                    .map(NetworkInterfaces::describe)
                    .collect(Collectors.joining(", "));
        } catch (SocketException e) {
            return "interfaces that can't be listed: " + e.getMessage();
        }
    }
}
