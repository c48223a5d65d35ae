package io.camure.spring.boot.autoconfigure;

import io.camure.spring.CamureConfigurationException;
import io.camure.spring.election.CoordinatorElection;
import io.camure.spring.election.StaticElection;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanExpressionContext;
import org.springframework.beans.factory.config.BeanExpressionResolver;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.util.PatternMatchUtils;
import org.springframework.util.StringUtils;

/** Chooses what elects the coordinators of sessions whose role is {@code auto}. */
final class Elections {

    static final String STATIC = "static";

    private static final String AUTO = "auto";

    private static final String ENGINES = """
            Add one of these, and what it needs:
                - lock-registry: io.camure:camure-spring-integration, with a LockRegistry and a ConcurrentMetadataStore as beans, \
            as org.springframework.integration:spring-integration-jdbc and spring-integration-redis have them.
                - kubernetes-lease: io.camure:camure-kubernetes, in a pod that may use a Lease.
                - events: io.camure:camure-spring-integration, with a leader initiator of Spring Integration as a bean, and \
            camure.election.engine set to events.
                - static: camure.election.coordinator-when, set to the host name of the instance that coordinates, as in orders-0, or to \
            a SpEL expression. Without fail-over.
                - a bean of the type CoordinatorElection.""";

    private final ConfigurableBeanFactory beanFactory;
    private final ObjectProvider<CoordinatorElection> own;
    private final ObjectProvider<ElectionEngine> engines;

    Elections(
            ConfigurableBeanFactory beanFactory,
            ObjectProvider<CoordinatorElection> own,
            ObjectProvider<ElectionEngine> engines) {
        this.beanFactory = beanFactory;
        this.own = own;
        this.engines = engines;
    }

    /**
     * The election of a session.
     *
     * @param prefix that of the session's properties
     * @param name what the election is called unless that is configured
     * @throws CamureConfigurationException when there is nothing that could elect, or more than one thing
     */
    CoordinatorElection of(String prefix, String name, CamureProperties.Election properties) {
        Settings.requirePositive(prefix + "election.lease", properties.lease());
        CoordinatorElection ofApplication = ofApplication();
        if (ofApplication != null) {
            return ofApplication;
        }
        String wanted = properties.engine().strip().toLowerCase(Locale.ROOT);
        String condition = properties.coordinatorWhen();
        if (wanted.equals(STATIC) || wanted.equals(AUTO) && StringUtils.hasText(condition)) {
            return fixed(prefix, condition);
        }
        List<ElectionEngine> there = engines.orderedStream().toList();
        List<ElectionEngine> fitting = there.stream()
                .filter(engine -> wanted.equals(AUTO)
                        ? !engine.mustBeNamed()
                        : engine.name().equals(wanted))
                .toList();
        if (fitting.size() == 1) {
            String configured = properties.name();
            return fitting.get(0)
                    .election(StringUtils.hasText(configured) ? configured.strip() : name, properties.lease());
        }
        throw fitting.isEmpty() ? none(prefix, wanted, there) : several(prefix, fitting);
    }

    private @Nullable CoordinatorElection ofApplication() {
        try {
            return own.getIfAvailable();
        } catch (NoUniqueBeanDefinitionException e) {
            Collection<String> names = e.getBeanNamesFound();
            throw new CamureConfigurationException(
                    "There are several beans of the type CoordinatorElection, of which one is to elect the coordinator"
                            + (names == null ? "." : ": " + String.join(", ", names) + "."),
                    "Make one of them @Primary, or remove the others.");
        }
    }

    private static CamureConfigurationException none(String prefix, String wanted, List<ElectionEngine> there) {
        return new CamureConfigurationException(
                prefix + "role is auto, but "
                        + (wanted.equals(AUTO)
                                ? "there is nothing that elects the instance that coordinates."
                                : "there is no engine " + wanted + ", which " + prefix + "election.engine names"
                                        + (there.isEmpty() ? "." : ": there is " + names(there) + ".")),
                ENGINES);
    }

    private static CamureConfigurationException several(String prefix, List<ElectionEngine> engines) {
        return new CamureConfigurationException(
                prefix + "role is auto, and there are several engines that could elect: " + names(engines) + ".",
                "Set " + prefix + "election.engine to one of them.");
    }

    private static String names(List<ElectionEngine> engines) {
        return String.join(", ", engines.stream().map(ElectionEngine::name).toList());
    }

    private CoordinatorElection fixed(String prefix, @Nullable String condition) {
        String property = prefix + "election.coordinator-when";
        if (!StringUtils.hasText(condition)) {
            throw new CamureConfigurationException(
                    prefix + "election.engine is static, but " + property + " is not set.",
                    "Set it to the host name of the instance that coordinates, as in orders-0, or to a SpEL expression.");
        }
        boolean here = condition.strip().startsWith("#{")
                ? isTrue(property, condition.strip())
                : PatternMatchUtils.simpleMatch(condition.strip(), hostName());
        return new StaticElection(here, property + ": " + condition.strip());
    }

    private boolean isTrue(String property, String expression) {
        BeanExpressionResolver expressions = beanFactory.getBeanExpressionResolver();
        Object result = expressions == null
                ? null
                : expressions.evaluate(expression, new BeanExpressionContext(beanFactory, null));
        if (result instanceof Boolean here) {
            return here;
        }
        throw new CamureConfigurationException(
                property + " is " + expression + ", which is " + result + ".", "It must be true or false.");
    }

    private static String hostName() {
        String given = System.getenv("HOSTNAME");
        if (StringUtils.hasText(given)) {
            return given;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "";
        }
    }
}
