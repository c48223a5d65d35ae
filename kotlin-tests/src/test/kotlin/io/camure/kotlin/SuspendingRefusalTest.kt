package io.camure.kotlin

import io.camure.spring.CamureConfigurationException
import io.camure.spring.CamureListener
import io.camure.spring.boot.autoconfigure.CamureAutoConfiguration
import io.camure.spring.boot.autoconfigure.CamureListenerAutoConfiguration
import io.camure.spring.boot.autoconfigure.CamureMessagingAutoConfiguration
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.springframework.boot.autoconfigure.AutoConfigurations
import org.springframework.boot.test.context.runner.ApplicationContextRunner

/** Suspend functions that can't listen. */
class SuspendingRefusalTest {

    class Answering {

        @CamureListener("prices")
        suspend fun onPrice(price: String): String = price
    }

    private fun startsWith(listener: Class<*>) =
        ApplicationContextRunner()
            .withConfiguration(
                AutoConfigurations.of(
                    CamureAutoConfiguration::class.java,
                    CamureMessagingAutoConfiguration::class.java,
                    CamureListenerAutoConfiguration::class.java,
                ),
            )
            .withPropertyValues(
                "camure.role=member",
                "camure.member.coordinator-address=127.0.0.1:9",
                "camure.groups.prices.type=broadcast",
                "camure.groups.prices.id=1",
                "camure.member.startup=background",
            )
            .withBean(listener)

    @Test
    fun oneThatAnswersIsToldThatNobodyGetsThat() {
        startsWith(Answering::class.java).run { context ->
            assertThat(context)
                .getFailure()
                .isInstanceOf(CamureConfigurationException::class.java)
                .hasMessageContaining("it returns String, which nobody gets")
        }
    }
}
