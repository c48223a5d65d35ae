package io.camure.interop;

import io.camure.Coordinator;
import io.camure.CoordinatorConfig;
import io.camure.test.support.ScriptedCoordinator;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Coordinators on loopback. */
final class Sessions {

    private Sessions() {}

    static Coordinator coordinator() {
        return coordinator(CoordinatorConfig.defaults());
    }

    static Coordinator coordinator(CoordinatorConfig config) {
        return Coordinator.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                ScriptedCoordinator.unusedMulticastAddress(),
                config);
    }
}
