package provider

import "slices"

// rows makes the rows of the catalogue, one function each, sorted by name. A
// function rather than a variable, so that nothing can change a row for
// everybody.
func rows() []Provider {
	return slices.Concat(rowsAToC(), rowsDToG(), rowsHToM(), rowsNToR(), rowsSToZ())
}

func rowsAToC() []Provider {
	return []Provider{
		anthropicRow(),
		attioRow(),
		beehiivRow(),
		bigcommerceRow(),
		bitbucketRow(),
		bitbucketServerRow(),
		brexRow(),
		buildkiteRow(),
		calComRow(),
		calendlyRow(),
		checkoutComRow(),
		circleciRow(),
		clerkRow(),
		clickupRow(),
		cloudflareStreamRow(),
		coinbaseCommerceRow(),
		cursorRow(),
		customerioRow(),
	}
}

func rowsDToG() []Provider {
	return []Provider{
		discourseRow(),
		duffelRow(),
		dwollaRow(),
		easypostRow(),
		elevenlabsRow(),
		flutterwaveRow(),
		giteaRow(),
		github(),
		gitlabRow(),
		gocardlessRow(),
		gogsRow(),
	}
}

func rowsHToM() []Provider {
	return []Provider{
		helpscoutRow(),
		herokuRow(),
		incidentIoRow(),
		increaseRow(),
		jiraRow(),
		klaviyoRow(),
		lagoRow(),
		lemonSqueezyRow(),
		lineRow(),
		lithicRow(),
		loopsRow(),
		mailersendRow(),
		microsoftTeamsOutgoingRow(),
		modernTreasuryRow(),
		mollieRow(),
		muxRow(),
	}
}

func rowsNToR() []Provider {
	return []Provider{
		onfidoRow(),
		openaiRow(),
		pagerdutyRow(),
		paystackRow(),
		polarRow(),
		pusherRow(),
		quickbooksRow(),
		rampRow(),
		razorpayRow(),
		recallAiRow(),
		renderRow(),
		resendRow(),
		retellRow(),
		revenuecatRow(),
	}
}

func rowsSToZ() []Provider {
	return []Provider{
		segmentRow(),
		sentryRow(),
		shopify(),
		slack(),
		snykRow(),
		standardWebhooks(),
		stripe(),
		stytchRow(),
		svixRow(),
		tallyRow(),
		terraformCloudRow(),
		typeformRow(),
		vapiRow(),
		vercelRow(),
		viberRow(),
		webflowRow(),
		xeroRow(),
		zendeskRow(),
	}
}
