package io.camure.protocol.group;

import io.camure.wire.GroupDelivery;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Where what is for all in a group is sent: once to the multicast address if anybody hears it, and to each who does not. Found
 * anew with each change, so that sending is a loop over a list, of one mostly.
 */
final class Destinations {

    private final InetSocketAddress multicastAddress;
    private final List<Membership> memberships;
    private final boolean multicastOnly;
    private final List<InetSocketAddress> all = new ArrayList<>();

    /** @param memberships those of the group, which change */
    Destinations(SessionSettings settings, List<Membership> memberships) {
        multicastAddress = settings.multicastAddress();
        this.memberships = memberships;
        multicastOnly = settings.delivery() == GroupDelivery.MULTICAST;
        if (multicastOnly) {
            all.add(multicastAddress);
        }
    }

    List<InetSocketAddress> all() {
        return all;
    }

    /** A node has come, has gone, or hears what it did not or the other way round. */
    void refresh() {
        if (multicastOnly) {
            return;
        }
        all.clear();
        boolean heard = false;
        for (Membership membership : memberships) {
            if (membership.state() == Membership.State.WAITING) {
                continue;
            }
            if (!membership.hears()) {
                all.add(membership.address());
            } else if (!heard) {
                heard = true;
                all.add(multicastAddress);
            }
        }
    }
}
