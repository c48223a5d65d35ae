package io.camure.spring.boot.autoconfigure.refresh;

import io.camure.spring.flip.GroupSteps;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.bootstrap.ConfigurableBootstrapContext;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.cloud.autoconfigure.RefreshAutoConfiguration.RefreshProperties;
import org.springframework.cloud.context.scope.refresh.RefreshScope;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;

/**
 * Refreshes the configuration of this application together with that of all others in a group. It is fetched when all prepare, into a copy of the
 * environment, so that nothing has changed anywhere if a node can't fetch it; when all activate, none fetches anything any more.
 */
final class ConfigurationRefresh implements GroupSteps {

    static final String PROPERTY = "camure.refresh.group";

    private static final Logger log = LoggerFactory.getLogger(ConfigurationRefresh.class);

    /** How many characters of names of changed properties a node tells the one that has asked for it. */
    private static final int LONGEST_NOTE = 4000;

    private final String group;
    private final ConfigurableApplicationContext context;
    private final RefreshScope scope;
    private final RefreshProperties properties;
    private final Fetching fetching;
    private final Bindings bindings;

    ConfigurationRefresh(
            String group,
            ConfigurableApplicationContext context,
            RefreshScope scope,
            RefreshProperties properties,
            Fetching fetching,
            Bindings bindings) {
        this.group = group;
        this.context = context;
        this.scope = scope;
        this.properties = properties;
        this.fetching = fetching;
        this.bindings = bindings;
    }

    @Override
    public String group() {
        return group;
    }

    @Override
    public FetchedConfiguration prepare(byte[] value) {
        ConfigurableEnvironment environment = context.getEnvironment();
        try (GenericApplicationContext copy = new GenericApplicationContext()) {
            copy.setEnvironment(copyOf(environment));
            context.getBeanProvider(ConfigurableBootstrapContext.class)
                    .ifAvailable(bootstrap -> copy.getBeanFactory().registerSingleton("bootstrapContext", bootstrap));
            copy.refresh();
            Set<String> keys = fetching.into(copy, scope, properties).refreshEnvironment();
            bindings.requireBindable(copy.getEnvironment().getPropertySources());
            return FetchedConfiguration.of(copy.getEnvironment(), environment, keys);
        }
    }

    private static ConfigurableEnvironment copyOf(ConfigurableEnvironment environment) {
        StandardEnvironment copy = new StandardEnvironment();
        MutablePropertySources sources = copy.getPropertySources();
        sources.stream().toList().forEach(source -> sources.remove(source.getName()));
        // That one reads the others where they are, and not in the copy.
        environment.getPropertySources().stream()
                .filter(source -> !ConfigurationPropertySources.isAttachedConfigurationPropertySource(source))
                .forEach(sources::addLast);
        copy.setActiveProfiles(environment.getActiveProfiles());
        copy.setDefaultProfiles(environment.getDefaultProfiles());
        return copy;
    }

    @Override
    public void activate(Object prepared) {
        Set<String> changed = new Activation(context, scope, properties, (FetchedConfiguration) prepared).refresh();
        log.info("{}: the configuration is refreshed, with changes of {}", group, changed);
    }

    /** What was fetched is in no use. */
    @Override
    public void discard(Object prepared) {}

    /** The properties that change here, a line each. */
    @Override
    public String note(Object prepared) {
        List<String> keys =
                ((FetchedConfiguration) prepared).keys().stream().sorted().toList();
        StringBuilder note = new StringBuilder();
        for (int i = 0; i < keys.size(); i++) {
            if (note.length() + keys.get(i).length() > LONGEST_NOTE) {
                return note + "… and " + (keys.size() - i) + " more";
            }
            note.append(keys.get(i)).append('\n');
        }
        return note.toString();
    }

    @Override
    public String toString() {
        return PROPERTY + " is '" + group + "'";
    }
}
