"""A few sentences of our own per language, for a bench without the shared corpus; pairs and triples make thousands."""

from itertools import product

_PARTS = {
    "da": (("Vi mødes", "Jeg sender", "Kan nogen tjekke", "Holdet har afsluttet", "Husk at læse"),
           ("rapporten", "tilbuddet til kunden", "vagtplanen", "den nye vejledning", "tallene fra lageret"),
           ("i morgen tidlig.", "før frokost.", "på fredag.", "når I har tid.", "sammen med driften.")),
    "nb": (("Vi møtes om", "Jeg sender", "Kan noen sjekke", "Laget har avsluttet", "Husk å lese"),
           ("rapporten", "tilbudet til kunden", "vaktplanen", "den nye veiledningen", "tallene fra lageret"),
           ("i morgen tidlig.", "før lunsj.", "på fredag.", "når dere har tid.", "sammen med driften.")),
    "sv": (("Vi ses om", "Jag skickar", "Kan någon kolla", "Gruppen har avslutat", "Kom ihåg att läsa"),
           ("rapporten", "offerten till kunden", "schemat", "den nya vägledningen", "siffrorna från lagret"),
           ("i morgon bitti.", "före lunch.", "på fredag.", "när ni hinner.", "tillsammans med driften.")),
    "nl": (("We bespreken", "Ik stuur", "Kan iemand kijken naar", "Het team is klaar met", "Vergeet niet te lezen:"),
           ("het rapport", "de offerte voor de klant", "het rooster", "de nieuwe handleiding", "de cijfers van het magazijn"),
           ("morgenochtend.", "voor de lunch.", "op vrijdag.", "als je tijd hebt.", "samen met beheer.")),
    "en": (("We will discuss", "I am sending", "Can somebody check", "The team has finished", "Remember to read"),
           ("the report", "the offer to the customer", "the rota", "the new guide", "the figures from the warehouse"),
           ("tomorrow morning.", "before lunch.", "on Friday.", "when you have time.", "together with operations.")),
}  # fmt: skip

SENTENCES = {language: [" ".join(words) for words in product(*parts)] for language, parts in _PARTS.items()}
