package io.camure;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Says where the coordinator of a session may be. A member asks it before each try to join, so that a coordinator that has
 * moved is found by the next one.
 *
 * <p>Must be thread-safe. It is called on a thread of its own and may block: a member that is closed meanwhile does not wait
 * for it, and drops what it says.
 */
@FunctionalInterface
public interface CoordinatorLocator {

    /**
     * The addresses at which the coordinator may be now. A try asks all of them at once, for which it opens two sockets each,
     * and takes the first that answers; only one of them should be a coordinator. Those behind the 64th are not asked.
     *
     * @return resolved addresses; an empty list when none is known yet. One that is not resolved can't be asked, but a join that
     *     fails names it
     * @throws IOException when that can't be found out now, such as when a host name is not known; the message says why. The
     *     next try asks again
     */
    List<InetSocketAddress> candidates() throws IOException;

    /**
     * A coordinator at a host, of which each try asks all addresses that the name has then.
     *
     * <p>Java keeps addresses for 30 s and unknown names for 10 s, unless its security properties {@code networkaddress.cache.ttl}
     * and {@code networkaddress.cache.negative.ttl} say otherwise. So from the second look-up on, the hosts file of this machine is read
     * as well and, for a name that is not in it, its DNS servers are asked, for about half a second at most; what they say is tried
     * together with what Java says. Asking the servers takes Java's module {@code jdk.naming.dns}; without it, there is the file's or
     * Java's answer alone.
     *
     * @param host a name, or an IPv4 or IPv6 address; looked up at each try, and not before
     * @param port 1…65535
     */
    static CoordinatorLocator of(String host, int port) {
        return new Locators.Host(host, port);
    }

    /**
     * A coordinator that any of several locators may know, of which there must be one at least. They are asked in turn, and
     * their candidates at once. One that does not know any hides none of the others; when all of them don't, the error tells why of
     * each. {@code toString()} names a locator in errors.
     */
    static CoordinatorLocator anyOf(CoordinatorLocator... locators) {
        return anyOf(List.of(locators));
    }

    /** See {@link #anyOf(CoordinatorLocator...)}. */
    static CoordinatorLocator anyOf(List<CoordinatorLocator> locators) {
        return new Locators.Any(locators);
    }

    /** A coordinator at one of the given addresses, of which there must be one at least. */
    static CoordinatorLocator fixed(InetSocketAddress... addresses) {
        return new Locators.Fixed(List.of(addresses));
    }
}
