package io.camure.spring.boot.autoconfigure;

import io.camure.spring.barrier.BarrierMethods;
import io.camure.spring.barrier.CamureBarrierBeanPostProcessor;
import io.camure.spring.callback.UnaskedFailures;
import io.camure.spring.session.SessionBindings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** Has callers of methods with {@link io.camure.spring.CamureBarrier} wait at a barrier. */
@AutoConfiguration(after = CamureAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "camure.enabled", matchIfMissing = true)
@ConditionalOnBean(value = SessionBindings.class, search = SearchStrategy.CURRENT)
public final class CamureBarrierAutoConfiguration {

    @Bean
    static CamureBarrierBeanPostProcessor camureBarrierBeanPostProcessor(
            ObjectProvider<BarrierMethods> barriers, Environment environment) {
        return new CamureBarrierBeanPostProcessor(
                barriers, environment.getProperty("spring.aop.proxy-target-class", Boolean.class, true));
    }

    @Bean
    BarrierMethods camureBarrierMethods(
            SessionBindings sessions,
            CamureProperties properties,
            ConfigurableBeanFactory beanFactory,
            UnaskedFailures failures) {
        return new BarrierMethods(sessions, properties.enabled(), beanFactory, failures);
    }
}
