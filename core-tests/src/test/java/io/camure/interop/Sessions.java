package io.camure.interop;

import io.camure.Coordinator;
import io.camure.CoordinatorConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** Nodes of ours on loopback, and calls of theirs that wait. */
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

    /** Makes a call that waits on a thread of its own. */
    static <T> CompletableFuture<T> async(Callable<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        result.complete(call.call());
                    } catch (Throwable e) {
                        result.completeExceptionally(e);
                    }
                },
                "waiting-call");
        thread.setDaemon(true);
        thread.start();
        return result;
    }
}
