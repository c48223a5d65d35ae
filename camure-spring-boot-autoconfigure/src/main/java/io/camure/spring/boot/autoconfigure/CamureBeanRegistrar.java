package io.camure.spring.boot.autoconfigure;

import io.camure.Coordinator;
import io.camure.Group;
import io.camure.Member;
import io.camure.spring.BroadcastSender;
import io.camure.spring.CamureTemplate;
import io.camure.spring.boot.autoconfigure.CamureProperties.Role;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanRegistrar;
import org.springframework.beans.factory.BeanRegistry;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionOverrideException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;

/**
 * Registers the beans that depend on the configured sessions and groups. Spring has this done again when an application that
 * was processed ahead of time starts, so that sessions, groups and {@code camure.enabled} can be chosen then.
 */
final class CamureBeanRegistrar implements BeanRegistrar {

    @Override
    public void register(BeanRegistry registry, Environment environment) {
        DottedNames.refuse(environment);
        CamureProperties properties = Binder.get(environment).bindOrCreate("camure", CamureProperties.class);
        List<SessionDefinition> plans =
                SessionDefinitions.of(properties, environment.getProperty("spring.application.name"));
        plans.forEach(plan -> registerSession(registry, plan));
        if (properties.registerGroupBeans() && !plans.isEmpty()) {
            plans.forEach(plan ->
                    plan.groups().forEach(group -> registerGroup(registry, plan, group, group.beanType(plan.role()))));
            plans.stream()
                    .filter(plan -> plan.role() == Role.COORDINATOR)
                    .forEach(plan -> plan.groups().forEach(group -> registerSender(registry, group)));
            GroupAliases aliases = new GroupAliases(
                    plans.stream().flatMap(plan -> plan.groups().stream()).toList());
            registry.registerBean(
                    "camureGroupAliases",
                    GroupAliases.class,
                    spec -> spec.supplier(context -> aliases).infrastructure());
        }
    }

    private static void registerSession(BeanRegistry registry, SessionDefinition plan) {
        if (plan instanceof CoordinatorDefinition coordinator) {
            registry.registerBean(
                    sessionBean(plan),
                    CoordinatorLifecycle.class,
                    spec -> spec.supplier(context -> new CoordinatorLifecycle(
                            coordinator,
                            context.bean(CamureConnectionDetails.class),
                            context.beanProvider(CoordinatorConfigCustomizer.class)
                                    .orderedStream()
                                    .toList())));
            registerSessionProxy(registry, plan, Coordinator.class);
        } else if (plan instanceof MemberDefinition member) {
            registry.registerBean(
                    sessionBean(plan),
                    MemberLifecycle.class,
                    spec -> spec.supplier(context -> new MemberLifecycle(
                            member,
                            context.bean(CamureConnectionDetails.class),
                            context.beanProvider(MemberConfigCustomizer.class)
                                    .orderedStream()
                                    .toList())));
            registerSessionProxy(registry, plan, Member.class);
        }
    }

    private static String sessionBean(SessionDefinition plan) {
        return plan.beanName("Session");
    }

    private static <T> void registerSessionProxy(BeanRegistry registry, SessionDefinition plan, Class<T> type) {
        registry.registerBean(
                plan.beanName(type.getSimpleName()),
                type,
                spec -> spec.supplier(context ->
                        CurrentObjectInterceptor.session(type, context.bean(sessionBean(plan), SessionBinding.class))));
    }

    private static <T extends Group> void registerGroup(
            BeanRegistry registry, SessionDefinition plan, GroupDefinition group, Class<T> type) {
        try {
            registry.registerBean(
                    group.name(),
                    type,
                    spec -> spec.description("camure " + group.description())
                            .supplier(context -> type.cast(context.bean(sessionBean(plan), SessionBinding.class)
                                    .group(group.name())
                                    .orElseThrow()
                                    .proxy())));
        } catch (BeanDefinitionOverrideException e) {
            throw nameClash(group.origin() + " can't be a bean, since there is a bean of this name", e);
        }
    }

    private static void registerSender(BeanRegistry registry, GroupDefinition group) {
        Class<?> payloadType = group.payloadType();
        if (payloadType != null) {
            ParameterizedTypeReference<BroadcastSender<?>> type = ParameterizedTypeReference.forType(
                    ResolvableType.forClassWithGenerics(BroadcastSender.class, payloadType)
                            .getType());
            String name = GroupAliases.alias(group.name()) + "Sender";
            try {
                registry.registerBean(
                        name,
                        type,
                        spec -> spec.supplier(
                                context -> context.bean(CamureTemplate.class).sender(group.name(), payloadType)));
            } catch (BeanDefinitionOverrideException e) {
                throw nameClash(group.origin() + " can't have a BroadcastSender, since there is a bean " + name, e);
            }
        }
    }

    private static CamureConfigurationException nameClash(String problem, BeanDefinitionOverrideException clash) {
        return new CamureConfigurationException(
                problem + " already: " + whereDefined(clash.getExistingDefinition()) + ".",
                "Rename the group or that bean.");
    }

    private static @Nullable String whereDefined(BeanDefinition definition) {
        String source = definition.getResourceDescription();
        return source != null ? source : definition.getBeanClassName();
    }
}
