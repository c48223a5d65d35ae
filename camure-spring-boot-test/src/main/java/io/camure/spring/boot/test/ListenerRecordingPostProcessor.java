package io.camure.spring.boot.test;

import io.camure.spring.CamureListener;
import io.camure.spring.boot.test.CamureListenerHarness.Call;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AbstractAdvisingBeanPostProcessor;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.StaticMethodMatcherPointcutAdvisor;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.config.EmbeddedValueResolver;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ReflectionUtils.MethodFilter;

/** Has a {@link CamureListenerHarness} record the calls of listeners. */
final class ListenerRecordingPostProcessor extends AbstractAdvisingBeanPostProcessor implements BeanFactoryAware {

    private static final long serialVersionUID = 1L;

    private transient @Nullable ConfigurableBeanFactory beanFactory;

    ListenerRecordingPostProcessor() {
        setProxyTargetClass(true);
        setBeforeExistingAdvisors(true);
        // Just before what finds listeners, which calls them by what it sees.
        setOrder(LOWEST_PRECEDENCE - 1);
        advisor = new StaticMethodMatcherPointcutAdvisor((MethodInterceptor) this::invoke) {

            private static final long serialVersionUID = 1L;

            @Override
            public boolean matches(Method method, Class<?> targetClass) {
                return isListener(AopUtils.getMostSpecificMethod(method, targetClass));
            }
        };
    }

    private static boolean isListener(Method method) {
        return !annotations(method).isEmpty();
    }

    private static Set<CamureListener> annotations(Method method) {
        return AnnotatedElementUtils.findMergedRepeatableAnnotations(method, CamureListener.class);
    }

    @Override
    public void setBeanFactory(BeanFactory beanFactory) {
        this.beanFactory = (ConfigurableBeanFactory) beanFactory;
    }

    /** A listener that a proxy can't call must work as without this. */
    @Override
    protected boolean isEligible(Class<?> targetClass) {
        if (!AnnotationUtils.isCandidateClass(targetClass, CamureListener.class)) {
            return false;
        }
        Set<Method> listeners = MethodIntrospector.selectMethods(
                targetClass, (MethodFilter) ListenerRecordingPostProcessor::isListener);
        return !Modifier.isFinal(targetClass.getModifiers())
                && !listeners.isEmpty()
                && listeners.stream()
                        .noneMatch(method ->
                                Modifier.isPrivate(method.getModifiers()) || Modifier.isFinal(method.getModifiers()));
    }

    private @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
        Throwable failure = null;
        try {
            return invocation.proceed();
        } catch (Throwable e) {
            failure = e;
            throw e;
        } finally {
            record(invocation, failure);
        }
    }

    private void record(MethodInvocation invocation, @Nullable Throwable failure) {
        ConfigurableBeanFactory beans = beanFactory;
        Object target = invocation.getThis();
        if (beans == null || target == null) {
            return;
        }
        Method method = AopUtils.getMostSpecificMethod(invocation.getMethod(), AopUtils.getTargetClass(target));
        EmbeddedValueResolver resolver = new EmbeddedValueResolver(beans);
        Set<String> groups = annotations(method).stream()
                .map(annotation -> String.valueOf(resolver.resolveStringValue(annotation.group())))
                .collect(Collectors.toSet());
        String name = method.getDeclaringClass().getSimpleName() + "." + method.getName();
        List<Object> arguments = Arrays.asList(invocation.getArguments());
        beans.getBean(CamureListenerHarness.class).record(new Call(groups, name, arguments, failure));
    }
}
