package io.camure.spring.boot.autoconfigure.refresh;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationPropertiesBean;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.cloud.context.properties.ConfigurationPropertiesBeans;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MutablePropertySources;

/**
 * Finds out whether the application's {@code @ConfigurationProperties} can be bound to configuration that was fetched, before any node has
 * it. Binds copies. What can't be bound in this way to what is there either, such as with converters of the application, is passed over.
 */
final class Bindings {

    private final ConfigurableApplicationContext context;
    private final ObjectProvider<ConfigurationPropertiesBeans> beans;

    /** @param beans those that Spring Cloud rebinds, if it does */
    Bindings(ConfigurableApplicationContext context, ObjectProvider<ConfigurationPropertiesBeans> beans) {
        this.context = context;
        this.beans = beans;
    }

    /** @throws IllegalStateException when a property has a value that its type does not take; the message does not have the value */
    void requireBindable(MutablePropertySources fetched) {
        Binder toWhatIsThere = binder(context.getEnvironment().getPropertySources());
        Binder toFetched = binder(fetched);
        ConfigurableListableBeanFactory beanFactory = context.getBeanFactory();
        List<String> names =
                beans.stream().flatMap(each -> each.getBeanNames().stream()).toList();
        for (String name : names) {
            Object instance = beanFactory.getSingleton(name);
            ConfigurationPropertiesBean bean =
                    instance == null ? null : ConfigurationPropertiesBean.get(context, instance, name);
            BindException failure = bean == null ? null : bind(bean, toFetched);
            if (bean != null && failure != null && bind(bean, toWhatIsThere) == null) {
                IllegalStateException refusal = new IllegalStateException(failure.getName() + " has a value that is no "
                        + failure.getTarget().getType());
                // For the log. What has caused it would be told in its place, and has the value.
                refusal.addSuppressed(failure);
                throw refusal;
            }
        }
    }

    private static Binder binder(MutablePropertySources sources) {
        return new Binder(ConfigurationPropertySources.from(sources), new PropertySourcesPlaceholdersResolver(sources));
    }

    private static @Nullable BindException bind(ConfigurationPropertiesBean bean, Binder binder) {
        Bindable<?> target = bean.asBindTarget();
        Bindable<?> copy = Bindable.of(target.getType())
                .withAnnotations(target.getAnnotations())
                .withBindMethod(target.getBindMethod());
        try {
            binder.bind(bean.getAnnotation().prefix(), copy);
            return null;
        } catch (BindException e) {
            return bean.getAnnotation().ignoreInvalidFields() ? null : e;
        }
    }
}
