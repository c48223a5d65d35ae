package io.camure.interop;

import io.camure.Coordinator;
import io.camure.CoordinatorConfig;
import io.camure.test.support.ScriptedCoordinator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/** Coordinators on loopback. */
final class Sessions {

    private Sessions() {}

    /** Legacy members are told at once that a group is closed. */
    static Coordinator coordinator() {
        return coordinator(
                CoordinatorConfig.builder().legacyLinger(Duration.ZERO).build());
    }

    static Coordinator coordinator(CoordinatorConfig config) {
        return Coordinator.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                ScriptedCoordinator.unusedMulticastAddress(),
                config);
    }
}
