package io.camure.spring.listener;

import io.camure.spring.CamureConfigurationException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.ScopeNotActiveException;

/** What there is of the beans that have listeners, and how the current one is found. */
final class ListenerBeans {

    private static final Logger log = LoggerFactory.getLogger(ListenerBeans.class);

    private @Nullable ConfigurableListableBeanFactory beanFactory;
    private final Set<Seen> seen = ConcurrentHashMap.newKeySet();

    /** A factory and what it makes have one name. */
    private record Seen(String name, Class<?> type) {}

    void setBeanFactory(ConfigurableListableBeanFactory beanFactory) {
        this.beanFactory = beanFactory;
    }

    private ConfigurableListableBeanFactory factory() {
        return Objects.requireNonNull(beanFactory);
    }

    /** @return whether its listeners are not known yet */
    boolean onMade(String name, Class<?> type) {
        return seen.add(new Seen(name, type));
    }

    /** One that was made just now. */
    ListenerBean made(Object bean, String name, Class<?> type) {
        return isSingleton(name)
                ? new ListenerBean(type, () -> bean)
                : new ListenerBean(type, () -> current(name, type));
    }

    /** Inner beans have no definition that is found by a name, and live as long as those that they are in. */
    private boolean isSingleton(String name) {
        return !factory().containsBeanDefinition(name)
                || factory().getMergedBeanDefinition(name).isSingleton();
    }

    private Object current(String name, Class<?> type) {
        if (factory().getMergedBeanDefinition(name).isPrototype()) {
            throw new CamureConfigurationException(
                    type.getSimpleName() + " (bean " + name
                            + ") has @CamureListener methods and the scope prototype, so that"
                            + " there is none that messages are for.",
                    "Make it a singleton, and have it call the prototypes that are to know of a message.");
        }
        try {
            return factory().getBean(name);
        } catch (ScopeNotActiveException e) {
            throw outOfScope(name, type, e);
        }
    }

    private CamureConfigurationException outOfScope(String name, Class<?> type, ScopeNotActiveException e) {
        return new CamureConfigurationException(
                type.getSimpleName() + " (bean " + name + ") has @CamureListener methods and the scope "
                        + scopeOf(name) + ", which is not active for the thread of a listener: "
                        + e.getMostSpecificCause().getMessage(),
                "Make it a singleton, and have it find those that are to know of a message.");
    }

    private @Nullable String scopeOf(String name) {
        String target = ScopedProxyUtils.getTargetBeanName(name);
        return factory()
                .getMergedBeanDefinition(factory().containsBeanDefinition(target) ? target : name)
                .getScope();
    }

    /**
     * Those that were not made so far, or escaped whoever was told of them. Singletons are made: what a message is for has to be
     * there.
     *
     * @throws CamureConfigurationException when there is none that messages could be for
     */
    List<ListenerBean> notMade(Predicate<Class<?>> hasListeners) {
        Set<String> names = new LinkedHashSet<>(List.of(factory().getBeanDefinitionNames()));
        names.addAll(List.of(factory().getSingletonNames()));
        List<ListenerBean> beans = new ArrayList<>();
        for (String name : names) {
            if (!ScopedProxyUtils.isScopedTarget(name) && !isAbstract(name)) {
                find(name, hasListeners, beans);
                if (isFactory(name)) {
                    find(BeanFactory.FACTORY_BEAN_PREFIX + name, hasListeners, beans);
                }
            }
        }
        return beans;
    }

    private boolean isAbstract(String name) {
        return factory().containsBeanDefinition(name)
                && factory().getMergedBeanDefinition(name).isAbstract();
    }

    private boolean isFactory(String name) {
        Class<?> type = factory().getType(BeanFactory.FACTORY_BEAN_PREFIX + name, false);
        return type != null && FactoryBean.class.isAssignableFrom(type);
    }

    private void find(String name, Predicate<Class<?>> hasListeners, List<ListenerBean> beans) {
        Class<?> type = type(name);
        if (type == null || !hasListeners.test(type)) {
            return;
        }
        String target = ScopedProxyUtils.getTargetBeanName(name);
        if (factory().containsBeanDefinition(target)) {
            requireActive(name, target, type);
        }
        // Made by this, so that its listeners are found then, unless it escapes that.
        ListenerBean bean = isSingleton(name)
                ? made(factory().getBean(name), name, type)
                : new ListenerBean(type, () -> current(name, type));
        Object now = bean.current().get();
        if (onMade(name.replace(BeanFactory.FACTORY_BEAN_PREFIX, ""), AopProxyUtils.ultimateTargetClass(now))) {
            beans.add(bean);
        }
    }

    private void requireActive(String name, String target, Class<?> type) {
        try {
            factory().getBean(target);
        } catch (ScopeNotActiveException e) {
            throw outOfScope(name, type, e);
        }
    }

    private @Nullable Class<?> type(String name) {
        String target = ScopedProxyUtils.getTargetBeanName(name);
        String typed = factory().containsBeanDefinition(target) ? target : name;
        Object made = factory().containsSingleton(typed) ? factory().getSingleton(typed) : null;
        if (made != null && !(made instanceof FactoryBean<?>)) {
            return AopProxyUtils.ultimateTargetClass(made);
        }
        try {
            return AutoProxyUtils.determineTargetClass(factory(), typed);
        } catch (BeansException | LinkageError e) {
            log.debug("bean {}: it is not known whether it has listeners before it is made", name, e);
            return null;
        }
    }
}
