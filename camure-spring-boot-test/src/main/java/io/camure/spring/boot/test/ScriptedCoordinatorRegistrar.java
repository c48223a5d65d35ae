package io.camure.spring.boot.test;

import io.camure.CollectiveConfig;
import io.camure.spring.collective.CollectiveAdapter;
import io.camure.spring.kind.Role;
import io.camure.spring.session.SessionBindings;
import io.camure.test.CamureTestCoordinator;
import io.camure.test.CamureTestNetwork;
import org.springframework.beans.factory.BeanRegistrar;
import org.springframework.beans.factory.BeanRegistry;
import org.springframework.core.env.Environment;

/** Registers a coordinator for each session that the application is a member of. They start before the application joins. */
final class ScriptedCoordinatorRegistrar implements BeanRegistrar {

    @Override
    public void register(BeanRegistry registry, Environment environment) {
        if (!environment.getProperty("camure.test.coordinators", Boolean.class, true)) {
            return;
        }
        ConfiguredSession.all(environment).stream()
                .filter(session -> session.role() == Role.MEMBER)
                .forEach(session -> registry.registerBean(
                        session.coordinatorBeanName(),
                        CamureTestCoordinator.class,
                        bean -> bean.supplier(context -> session.startCoordinator(
                                context.bean(CamureTestNetwork.class), group -> values(context, group)))));
    }

    /** As the application has it, whose session knows what is configured. */
    private static CollectiveConfig<?> values(BeanRegistry.SupplierContext context, String group) {
        return context.bean(SessionBindings.class)
                .group(group)
                .flatMap(CollectiveAdapter::of)
                .orElseThrow()
                .config();
    }
}
