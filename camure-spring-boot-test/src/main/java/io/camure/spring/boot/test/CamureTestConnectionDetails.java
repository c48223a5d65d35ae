package io.camure.spring.boot.test;

import io.camure.spring.boot.autoconfigure.CamureConnectionDetails;
import io.camure.test.CamureTestNetwork;
import java.net.InetSocketAddress;

/** Where the sessions are in the in-memory network. */
final class CamureTestConnectionDetails implements CamureConnectionDetails {

    private final CamureTestNetwork network;

    CamureTestConnectionDetails(CamureTestNetwork network) {
        this.network = network;
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    @Override
    public String getBindAddress(String session) {
        return getCoordinatorAddress(session);
    }

    @Override
    public String getMulticastAddress(String session) {
        return text(network.session(session).multicastAddress());
    }

    @Override
    public String getCoordinatorAddress(String session) {
        return text(network.session(session).coordinatorAddress());
    }
}
