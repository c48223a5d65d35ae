package io.camure.spring.boot.autoconfigure;

import io.camure.Coordinator;
import io.camure.Member;
import io.camure.spring.group.GroupType;
import java.util.ArrayList;
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
        List<Class<?>> types = new ArrayList<>(List.of(Coordinator.class, Member.class));
        for (GroupType each : GroupType.values()) {
            types.add(each.kind().coordinatorType());
            types.add(each.kind().memberType());
        }
        types.forEach(type -> hints.proxies().registerJdkProxy(type, SpringProxy.class, DecoratingProxy.class));
    }
}
