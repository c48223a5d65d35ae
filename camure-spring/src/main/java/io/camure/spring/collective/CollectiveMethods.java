package io.camure.spring.collective;

import io.camure.Reducer;
import io.camure.spring.CamureBarrierAction;
import io.camure.spring.CamureConfigurationException;
import io.camure.spring.CamureReducer;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.StringUtils;

/**
 * Methods with {@link CamureReducer} and {@link CamureBarrierAction}, and beans with the latter. They are looked for once, by the types of
 * beans, so that none has to be made for it. Thread-safe.
 */
final class CollectiveMethods {

    private static final Logger log = LoggerFactory.getLogger(CollectiveMethods.class);

    private static final String REDUCER = "@CamureReducer";
    private static final String ACTION = "@CamureBarrierAction";

    private final ConfigurableListableBeanFactory beanFactory;

    /** By the names of groups. Guarded by this, as the next two. */
    private final Map<String, NamedReducer> reducers = new HashMap<>();

    private final Map<String, Operation> actions = new HashMap<>();
    private boolean known;

    private record NamedReducer(String name, BeanMethod method) {}

    CollectiveMethods(ConfigurableListableBeanFactory beanFactory) {
        this.beanFactory = beanFactory;
    }

    /** What a method says of itself: {@code Merger.merge}. */
    synchronized String nameOfReducer(String group) {
        NamedReducer found = reducers.get(group);
        return found == null ? REDUCER : found.method().toString();
    }

    /**
     * @param type of the values
     * @return {@code null} when there is no such method for the group
     */
    synchronized <T> @Nullable Reducer<T> reducer(CollectiveSettings settings, Class<?> type) {
        find();
        NamedReducer found = reducers.get(settings.group());
        if (found == null) {
            return null;
        }
        BeanMethod method = found.method();
        if (!method.takes(type, 2) || !method.gives(type)) {
            throw refused(REDUCER, method, "does not make one " + type.getSimpleName() + " of two", settings, type);
        }
        return Reducer.of(found.name(), (one, other) -> method.call(one, other));
    }

    /**
     * @param type of the values
     * @return {@code null} when there is none for the group
     */
    synchronized <T> @Nullable UnaryOperator<T> action(CollectiveSettings settings, Class<?> type) {
        find();
        Operation found = actions.get(settings.group());
        if (found == null) {
            return null;
        }
        String problem = found.problem(type);
        if (problem != null) {
            throw refused(ACTION, found, problem, settings, type);
        }
        return found::apply;
    }

    private static CamureConfigurationException refused(
            String annotation, Object what, String problem, CollectiveSettings settings, Class<?> type) {
        String value = type.getSimpleName();
        return new CamureConfigurationException(
                what + " has " + annotation + "(\"" + settings.group() + "\"), but " + problem + ".",
                annotation.equals(REDUCER)
                        ? "Have it take two parameters of " + value + " and return one, as the payload-type of "
                                + settings.origin() + " is " + type.getName() + "."
                        : "Have it take one parameter of " + value + ", as the payload-type of " + settings.origin()
                                + " is " + type.getName() + ", and return another one, or nothing.");
    }

    /**
     * Looks at all of them, once their beans can be made.
     *
     * @param collectives the names of the groups that there are
     */
    synchronized void requireGroups(List<String> collectives) {
        find();
        reducers.forEach((group, reducer) -> {
            requireGroup(REDUCER, reducer.method(), group, collectives);
            reducer.method().requireInvocable();
        });
        actions.forEach((group, action) -> {
            requireGroup(ACTION, action, group, collectives);
            action.requireUsable();
        });
    }

    private static void requireGroup(String annotation, Object what, String group, Collection<String> collectives) {
        if (!collectives.contains(group)) {
            throw new CamureConfigurationException(
                    what + " has " + annotation + "(\"" + group
                            + "\"), but camure.groups has no collective of this name.",
                    "Name one of the collectives, which are " + collectives + ", or remove the annotation.");
        }
    }

    private void find() {
        if (known) {
            return;
        }
        known = true;
        Set<String> names = new LinkedHashSet<>(List.of(beanFactory.getBeanDefinitionNames()));
        names.addAll(List.of(beanFactory.getSingletonNames()));
        for (String name : names) {
            Class<?> type = ScopedProxyUtils.isScopedTarget(name) ? null : type(name);
            if (type != null) {
                methods(type, CamureReducer.class, (method, annotation) -> {
                    BeanMethod found = new BeanMethod(beanFactory, name, type, method);
                    String own = text(annotation.name());
                    put(
                            REDUCER,
                            reducers,
                            text(annotation.group()),
                            new NamedReducer(StringUtils.hasText(own) ? own : method.getName(), found),
                            found);
                });
                methods(type, CamureBarrierAction.class, (method, annotation) -> {
                    Operation found = Operation.of(new BeanMethod(beanFactory, name, type, method));
                    put(ACTION, actions, text(annotation.group()), found, found);
                });
            }
        }
        for (String name : beanFactory.getBeanNamesForAnnotation(CamureBarrierAction.class)) {
            Operation found = Operation.of(beanFactory, name);
            CamureBarrierAction annotation = beanFactory.findAnnotationOnBean(name, CamureBarrierAction.class);
            put(ACTION, actions, annotation == null ? "" : text(annotation.group()), found, found);
        }
    }

    private static <T> void put(String annotation, Map<String, T> all, String group, T found, Object what) {
        if (!StringUtils.hasText(group)) {
            throw new CamureConfigurationException(
                    what + " has " + annotation + " without a group.", "Name a collective of camure.groups there.");
        }
        T other = all.putIfAbsent(group, found);
        if (other != null) {
            throw new CamureConfigurationException(
                    (other instanceof NamedReducer reducer ? reducer.method() : other) + " and " + what + " both have "
                            + annotation + "(\"" + group + "\").",
                    "Remove one of them: a group has one.");
        }
    }

    /** A method that makes a bean is annotated for that. */
    private static <A extends Annotation> void methods(
            Class<?> type, Class<A> annotation, BiConsumer<Method, A> onFound) {
        if (AnnotationUtils.isCandidateClass(type, annotation)) {
            MethodIntrospector.selectMethods(type, (MethodIntrospector.MetadataLookup<A>)
                            method -> AnnotatedElementUtils.hasAnnotation(method, Bean.class)
                                    ? null
                                    : AnnotatedElementUtils.findMergedAnnotation(method, annotation))
                    .forEach(onFound);
        }
    }

    private @Nullable Class<?> type(String name) {
        try {
            return AutoProxyUtils.determineTargetClass(beanFactory, name);
        } catch (BeansException | LinkageError e) {
            log.debug("bean {}: it is not known whether it reduces values before it is made", name, e);
            return null;
        }
    }

    private String text(String value) {
        return String.valueOf(beanFactory.resolveEmbeddedValue(value));
    }
}
