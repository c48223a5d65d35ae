package io.camure.spring.boot.autoconfigure;

import io.camure.Barrier;
import io.camure.BroadcastGroup;
import io.camure.BroadcastReceiver;
import io.camure.Coordinator;
import io.camure.CoordinatorBarrier;
import io.camure.Member;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.SpringProxy;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.core.DecoratingProxy;

/** The proxies behind the beans, whose role is known only when the application starts. */
final class CamureRuntimeHints implements RuntimeHintsRegistrar {

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        List.of(
                        Coordinator.class,
                        Member.class,
                        CoordinatorBarrier.class,
                        BroadcastGroup.class,
                        Barrier.class,
                        BroadcastReceiver.class)
                .forEach(type -> hints.proxies().registerJdkProxy(type, SpringProxy.class, DecoratingProxy.class));
    }
}
