package io.camure.spring.listener;

import io.camure.spring.CamureListener;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;

/**
 * Finds the {@link CamureListener} methods of all beans: of those that are made as they are made, and of all others by their
 * definitions, once all singletons are there. Uses no other bean before, because a bean that is made for a post-processor
 * escapes the others.
 */
public final class CamureListenerBeanPostProcessor
        implements BeanPostProcessor, BeanFactoryAware, SmartInitializingSingleton, Ordered {

    private final ObjectProvider<ListenerRegistry> registry;
    private final Set<Class<?>> classesWithout = ConcurrentHashMap.newKeySet();
    private final ListenerBeans beans = new ListenerBeans();

    /** Guarded by itself. */
    private final List<Found> found = new ArrayList<>();

    private boolean singletonsInstantiated;

    private record Found(ListenerBean bean, Method method, CamureListener annotation) {}

    public CamureListenerBeanPostProcessor(ObjectProvider<ListenerRegistry> registry) {
        this.registry = registry;
    }

    @Override
    public void setBeanFactory(BeanFactory beanFactory) {
        beans.setBeanFactory((ConfigurableListableBeanFactory) beanFactory);
    }

    /** Last, so that it sees the proxies of beans. */
    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        Class<?> beanClass = AopProxyUtils.ultimateTargetClass(bean);
        // The target of a scoped proxy: the proxy is a bean, too, and finds the target that is current.
        if (classesWithout.contains(beanClass) || ScopedProxyUtils.isScopedTarget(beanName)) {
            return bean;
        }
        if (listenerMethods(beanClass).isEmpty()) {
            classesWithout.add(beanClass);
        } else if (beans.onMade(beanName, beanClass)) {
            onFound(beans.made(bean, beanName, beanClass));
        }
        return bean;
    }

    static Map<Method, Set<CamureListener>> listenerMethods(Class<?> beanClass) {
        if (!AnnotationUtils.isCandidateClass(beanClass, CamureListener.class)) {
            return Map.of();
        }
        return MethodIntrospector.selectMethods(beanClass, (MethodIntrospector.MetadataLookup<Set<CamureListener>>)
                method -> {
                    Set<CamureListener> annotations =
                            AnnotatedElementUtils.findMergedRepeatableAnnotations(method, CamureListener.class);
                    return annotations.isEmpty() ? null : annotations;
                });
    }

    private void onFound(ListenerBean bean) {
        listenerMethods(bean.type())
                .forEach((method, annotations) ->
                        annotations.forEach(annotation -> onFound(new Found(bean, method, annotation))));
    }

    private void onFound(Found listener) {
        synchronized (found) {
            if (!singletonsInstantiated) {
                found.add(listener);
                return;
            }
        }
        add(listener);
    }

    @Override
    public void afterSingletonsInstantiated() {
        beans.notMade(this::isToListen).forEach(this::onFound);
        List<Found> waiting;
        synchronized (found) {
            singletonsInstantiated = true;
            waiting = List.copyOf(found);
            found.clear();
        }
        waiting.forEach(this::add);
    }

    private boolean isToListen(Class<?> type) {
        return !classesWithout.contains(type)
                && listenerMethods(type).entrySet().stream()
                        .anyMatch(method -> method.getValue().stream()
                                .anyMatch(annotation -> registry.getObject().isFor(method.getKey(), annotation)));
    }

    private void add(Found listener) {
        registry.getObject().add(listener.bean(), listener.method(), listener.annotation());
    }
}
