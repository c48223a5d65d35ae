package io.camure.spring.boot.test;

import io.camure.spring.CamureListener;
import io.camure.spring.boot.test.CamureListenerHarness.Call;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AbstractAdvisingBeanPostProcessor;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.config.EmbeddedValueResolver;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;

/** Has a {@link CamureListenerHarness} record the calls of listeners. */
final class ListenerRecordingPostProcessor extends AbstractAdvisingBeanPostProcessor implements BeanFactoryAware {

    private static final long serialVersionUID = 1L;

    private transient @Nullable ConfigurableBeanFactory beanFactory;

    ListenerRecordingPostProcessor() {
        setProxyTargetClass(true);
        setBeforeExistingAdvisors(true);
        // Just before what finds listeners, which calls them by what it sees.
        setOrder(LOWEST_PRECEDENCE - 1);
        advisor = new DefaultPointcutAdvisor(
                new AnnotationMatchingPointcut(null, CamureListener.class, true), (MethodInterceptor) this::invoke);
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
                targetClass, (Method method) -> AnnotatedElementUtils.hasAnnotation(method, CamureListener.class));
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
        CamureListener annotation = AnnotatedElementUtils.findMergedAnnotation(method, CamureListener.class);
        if (annotation != null) {
            String group = new EmbeddedValueResolver(beans).resolveStringValue(annotation.group());
            String name = method.getDeclaringClass().getSimpleName() + "." + method.getName();
            List<Object> arguments = Arrays.asList(invocation.getArguments());
            beans.getBean(CamureListenerHarness.class)
                    .record(new Call(String.valueOf(group), name, arguments, failure));
        }
    }
}
