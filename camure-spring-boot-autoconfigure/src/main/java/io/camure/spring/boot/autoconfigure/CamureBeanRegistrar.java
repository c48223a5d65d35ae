package io.camure.spring.boot.autoconfigure;

import io.camure.BroadcastGroup;
import io.camure.Coordinator;
import io.camure.Group;
import io.camure.Member;
import io.camure.MemberAdmission;
import io.camure.Security;
import io.camure.spring.BroadcastSender;
import io.camure.spring.CamureConfigurationException;
import io.camure.spring.CamureTemplate;
import io.camure.spring.callback.Callbacks;
import io.camure.spring.collective.CollectiveBeans;
import io.camure.spring.collective.CollectiveKind;
import io.camure.spring.election.CoordinatorElection;
import io.camure.spring.kind.Role;
import io.camure.spring.session.BeanNames;
import io.camure.spring.session.CoordinatorDefinition;
import io.camure.spring.session.CoordinatorLifecycle;
import io.camure.spring.session.GroupDefinition;
import io.camure.spring.session.MemberDefinition;
import io.camure.spring.session.MemberLifecycle;
import io.camure.spring.session.SessionBinding;
import io.camure.spring.session.SessionDefinition;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanRegistrar;
import org.springframework.beans.factory.BeanRegistry;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionOverrideException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Registers the beans that depend on the configured sessions and groups. Spring has this done again when an application that
 * was processed ahead of time starts, so that sessions, groups and {@code camure.enabled} can be chosen then.
 */
final class CamureBeanRegistrar implements BeanRegistrar {

    @Override
    public void register(BeanRegistry registry, Environment environment) {
        ChangedNames.refuse(environment);
        DottedNames.refuse(environment);
        CamureProperties properties = Binder.get(environment).bindOrCreate("camure", CamureProperties.class);
        List<SessionDefinition> definitions =
                SessionDefinitions.of(properties, environment.getProperty("spring.application.name"));
        Contradictions.refuse(properties, environment);
        definitions.forEach(definition -> registerSession(registry, definition, properties, environment));
        if (properties.registerGroupBeans() && !definitions.isEmpty()) {
            definitions.forEach(definition -> definition
                    .groups()
                    .forEach(group -> registerGroup(
                            registry, definition, group, group.kind().genericBeanType(definition.role()))));
            definitions.stream()
                    .filter(definition ->
                            properties.session(definition.session()).role() != Role.MEMBER)
                    .forEach(definition -> definition.groups().forEach(group -> registerSender(registry, group)));
            GroupAliases aliases = new GroupAliases(definitions.stream()
                    .flatMap(definition -> definition.groups().stream())
                    .toList());
            registry.registerBean(
                    "camureGroupAliases",
                    GroupAliases.class,
                    spec -> spec.supplier(context -> aliases).infrastructure());
        }
    }

    private static void registerSession(
            BeanRegistry registry, SessionDefinition definition, CamureProperties properties, Environment environment) {
        if (definition instanceof CoordinatorDefinition coordinator) {
            registry.registerBean(
                    sessionBean(definition),
                    CoordinatorLifecycle.class,
                    spec -> spec.supplier(context -> SessionFactory.coordinator(
                            withBeans(coordinator, context),
                            properties.session(definition.session()),
                            context.bean(CamureConnectionDetails.class),
                            sealing(context),
                            context.beanProvider(CoordinatorConfigCustomizer.class)
                                    .orderedStream()
                                    .toList(),
                            context.bean(Callbacks.class))));
            registerSessionProxy(registry, definition, Coordinator.class);
        } else if (definition instanceof MemberDefinition member) {
            registry.registerBean(
                    sessionBean(definition),
                    MemberLifecycle.class,
                    spec -> spec.supplier(
                            context -> member(withBeans(member, context), properties, environment, context)));
            registerSessionProxy(registry, definition, Member.class);
        }
    }

    /** Has what its collectives name looked for among the beans of the application, when it is needed. */
    private static <T extends SessionDefinition> T withBeans(T definition, BeanRegistry.SupplierContext context) {
        CollectiveBeans beans = context.bean(CollectiveBeans.class);
        definition.groups().forEach(group -> CollectiveKind.lookIn(beans, group.kind()));
        return definition;
    }

    private static MemberLifecycle member(
            MemberDefinition definition,
            CamureProperties properties,
            Environment environment,
            BeanRegistry.SupplierContext context) {
        CamureProperties.Session session = properties.session(definition.session());
        CamureConnectionDetails details = context.bean(CamureConnectionDetails.class);
        CoordinatorElection election = session.role() == Role.AUTO
                ? context.bean(Elections.class)
                        .of(definition.prefix(), electionName(definition, session, environment), session.election())
                : null;
        MemberLifecycle lifecycle = SessionFactory.member(
                definition,
                election,
                session,
                details,
                context.beanProvider(CoordinatorDiscovery.class),
                sealing(context),
                context.beanProvider(MemberConfigCustomizer.class)
                        .orderedStream()
                        .toList(),
                context.bean(Callbacks.class));
        if (election != null) {
            lifecycle.elect(
                    election,
                    new CoordinatorStart(
                            definition,
                            session,
                            details,
                            sealing(context),
                            context.beanProvider(CoordinatorConfigCustomizer.class)
                                    .orderedStream()
                                    .toList()));
        }
        return lifecycle;
    }

    private static SessionSealing sealing(BeanRegistry.SupplierContext context) {
        return new SessionSealing(
                context.beanProvider(Security.class),
                context.beanProvider(SslBundles.class),
                context.beanProvider(MemberAdmission.class));
    }

    /** The same in all instances. */
    private static String electionName(
            SessionDefinition definition, CamureProperties.Session session, Environment environment) {
        String name = session.sessionName();
        if (!StringUtils.hasText(name)) {
            name = environment.getProperty("spring.application.name", "application");
        }
        return definition.session().equals(SessionDefinition.DEFAULT_SESSION)
                ? name
                : name + "-" + definition.session();
    }

    private static String sessionBean(SessionDefinition definition) {
        return BeanNames.ofSession(definition.session(), "Session");
    }

    private static <T> void registerSessionProxy(BeanRegistry registry, SessionDefinition definition, Class<T> type) {
        registry.registerBean(
                BeanNames.ofSession(definition.session(), type.getSimpleName()),
                type,
                spec -> spec.supplier(context -> context.bean(sessionBean(definition), SessionBinding.class)
                        .proxy(type)));
    }

    private static void registerGroup(
            BeanRegistry registry, SessionDefinition definition, GroupDefinition group, ResolvableType type) {
        try {
            registry.registerBean(
                    group.name(),
                    ParameterizedTypeReference.<Group>forType(type.getType()),
                    spec -> spec.description("camure " + group.description())
                            .supplier(context -> context.bean(sessionBean(definition), SessionBinding.class)
                                    .group(group.name())
                                    .orElseThrow()
                                    .proxy()));
        } catch (BeanDefinitionOverrideException e) {
            throw nameClash(group.origin() + " can't be a bean, since there is a bean of this name", e);
        }
    }

    private static void registerSender(BeanRegistry registry, GroupDefinition group) {
        Class<?> payloadType = group.payloadType();
        if (payloadType != null && group.kind().coordinatorType() == BroadcastGroup.class) {
            ParameterizedTypeReference<BroadcastSender<?>> type = ParameterizedTypeReference.forType(
                    ResolvableType.forClassWithGenerics(BroadcastSender.class, payloadType)
                            .getType());
            String name = BeanNames.identifier(group.name()) + "Sender";
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
