"""The names of Oak Lane School's pupils: the variety found in English schools.

First names and surnames are combined at random, and no real person is meant. Apart from three fixed pupils
no name has a part that begins with "Ame", so that the letters AME find the same three pupils in the demo, in
its pictures and in the tests.
"""

from typing import NamedTuple


class Origin(NamedTuple):
    """First names and surnames that occur together. `share` is out of `sum(o.share for o in ORIGINS)`."""

    share: int
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    families: tuple[str, ...]


class FixedPupil(NamedTuple):
    """A pupil who is in the school for every seed."""

    form: str
    first: str
    last: str


def _names(text: str) -> tuple[str, ...]:
    return tuple(" ".join(name.split()) for name in text.split(","))


FIXED_PUPILS = (
    FixedPupil("7B", "Amelia", "Kowalska"),
    FixedPupil("8C", "Amelia-Rose", "Thornbury"),
    FixedPupil("9A", "Amelie", "Rousselle"),
    # The same first name and initial twice: only the form tells them apart on the kiosk's screen.
    FixedPupil("7A", "Muhammad", "Akhtar"),
    FixedPupil("10C", "Muhammad", "Aslam"),
    FixedPupil("8A", "Olivia", "Hartley"),
    FixedPupil("11D", "Olivia", "Hollis"),
    # The pupils in the design's pictures of the office page.
    FixedPupil("7B", "Grace", "Okoro"),
    FixedPupil("8A", "Yusuf", "Awan"),
    FixedPupil("9A", "Maja", "Wrona"),
    FixedPupil("10C", "Leo", "Penhale"),
    FixedPupil("11D", "Thomas", "Bexley"),
)

BRITISH = Origin(
    share=46,
    girls=_names("""
        Ava, Isla, Olivia, Freya, Poppy, Evie, Lily, Grace, Florence, Daisy, Willow, Ruby, Matilda, Rosie,
        Phoebe, Chloe, Zoë, Imogen, Eleanor, Harriet, Martha, Bethany, Lucy, Holly, Erin, Katherine,
        Charlotte, Elizabeth, Jessica, Scarlett, Lottie, Esmé, Lily-Mae, Ella-Rose, Gracie-Mae, Abigail,
        Hannah, Megan, Georgia, Heidi, Orla, Beatrice, Penelope, Robyn, Skye, Summer, Tilly, Victoria,
        Josephine, Renée
    """),
    boys=_names("""
        Oliver, George, Arthur, Noah, Leo, Archie, Alfie, Henry, Jack, Charlie, Oscar, Theo, Freddie,
        Harry, Thomas, William, Joshua, James, Samuel, Benjamin, Alexander, Daniel, Edward, Finley, Lucas,
        Max, Toby, Jacob, Joseph, Rory, Ethan, Callum, Dylan, Jude, Stanley, Ralph, Reuben, Louis, Elliot,
        Zachary, Kieran, Nathaniel, Christopher, Matthew, Nicholas, Bobby-Lee, Tommy-Joe, Alfie-James,
        Rex, Sonny
    """),
    families=_names("""
        Abbott, Ashdown, Atkins, Baines, Barlow, Bell, Birch, Blackburn, Booth, Bradshaw, Briggs, Brook,
        Burrows, Carter, Chapman, Clarke, Cooper, Crossley, Dawson, Dixon, Draper, Ellis, Fairclough,
        Farrow, Fletcher, Foster, Gibbs, Goddard, Green, Hale, Hardcastle, Hargreaves, Harper, Hawkes,
        Hepworth, Holt, Howarth, Ingham, Jarvis, Kemp, Kerr, Kirkby, Lambert, Langley, Latham, Lister,
        Lockwood, Marsden, Mercer, Metcalfe, Moss, Naylor, Newbold, Nuttall, Oakes, Ogden, Palmer,
        Peacock, Pickering, Pratt, Quinn, Radcliffe, Ramsden, Reeves, Rowe, Rushworth, Sheldon, Shaw,
        Spencer, Stead, Sutcliffe, Swift, Tanner, Tate, Thackray, Turner, Underwood, Vaughan, Verity,
        Wainwright, Walker, Webb, Whitfield, Wilkes, Wragg, Yardley, St John, Le Page
    """),
)

IRISH_AND_WELSH = Origin(
    share=7,
    girls=_names("""
        Niamh, Aoife, Saoirse, Caoimhe, Róisín, Ciara, Sinéad, Éabha, Siân, Cerys, Ffion, Seren, Carys,
        Nia, Bronwen
    """),
    boys=_names("""
        Seán, Cillian, Oisín, Eoin, Tadhg, Pádraig, Conor, Rhys, Gethin, Iestyn, Osian, Macsen, Emlyn,
        Ruairí, Declan
    """),
    families=_names("""
        O'Brien, O'Connell, O'Hara, O'Sullivan, O'Dowd, Byrne, Doyle, Gallagher, Kavanagh, Kinsella,
        McCarthy, McGrath, Murphy, Nolan, Rafferty, Sheehan, ap Rhys, Bevan, Griffiths, Llewellyn, Morgan,
        Prosser, Pryce, Watkins
    """),
)

PAKISTANI_AND_BANGLADESHI = Origin(
    share=14,
    girls=_names("""
        Aisha, Zainab, Maryam, Fatima, Hafsa, Khadija, Noor, Safiya, Sumayyah, Iqra, Mahnoor, Anaya,
        Inaya, Zara, Nusrat, Tahmina, Sadia, Rukhsana, Humaira, Laiba, Eshal, Mehreen, Noor-ul-Ain,
        Umm-e-Hani, Ruqayyah
    """),
    boys=_names("""
        Muhammad, Mohammed, Ibrahim, Yusuf, Hamza, Zayn, Bilal, Haris, Ismail, Umar, Hassan, Hussain,
        Idris, Musa, Abdul-Rahman, Abdul-Haq, Shahid, Tariq, Kamran, Faisal, Rayyan, Zakariya, Mustafa,
        Saad, Rehan
    """),
    families=_names("""
        Ahmed, Akhtar, Anjum, Anwar, Ashraf, Aziz, Begum, Bhatti, Chaudhry, Choudhury, Hussain, Iqbal,
        Islam, Javed, Khan, Khatun, Mahmood, Malik, Miah, Mirza, Mughal, Parveen, Qureshi, Rahman, Rashid,
        Rehman, Saleem, Shah, Sheikh, Siddiqui, Uddin, Ul-Haq, Zaman
    """),
)

INDIAN = Origin(
    share=9,
    girls=_names("""
        Aanya, Diya, Isha, Kavya, Meera, Nisha, Pooja, Priya, Riya, Saanvi, Shreya, Simran, Harleen,
        Jasleen, Tanvi, Lakshmi, Anjali, Gurpreet, Navneet, Avani
    """),
    boys=_names("""
        Aarav, Arjun, Dev, Ishaan, Krish, Rohan, Veer, Vivaan, Nikhil, Rahul, Harpreet, Jaspreet, Gurdeep,
        Karan, Aditya, Siddharth, Venkatesh, Pranav, Manveer, Ravi
    """),
    families=_names("""
        Bains, Bhatt, Chauhan, D'Souza, D'Mello, Desai, Dhillon, Gill, Gupta, Iyer, Joshi, Kaur, Mistry,
        Nair, Pandya, Parmar, Patel, Rai, Reddy, Sandhu, Shah, Sharma, Sidhu, Singh, Solanki, Varma
    """),
)

AFRICAN_AND_CARIBBEAN = Origin(
    share=11,
    girls=_names("""
        Adaeze, Ngozi, Oluwaseun, Temitope, Ifeoma, Chidinma, Folasade, Abena, Akosua, Efua, Amara,
        Makeda, Selam, Hodan, Ifrah, Ayaan, N'Deye, Shanice, Tiana, Keisha, Naomi, Esther, Blessing,
        Precious, Anaïs
    """),
    boys=_names("""
        Oluwadamilola, Chukwuemeka, Tobiloba, Ayodeji, Babatunde, Kwame, Kofi, Kwabena, Yaw, Nana-Kwaku,
        Tendai, Tafadzwa, Abdirahman, Liban, Mamadou, Malachi, Tyrell, Jerome, Isaiah, Elijah, Emmanuel,
        Joel, Micah, Divine, Jean-Luc
    """),
    families=_names("""
        Abiodun, Adebayo, Adeyemi, Afolabi, Agyeman, Asante, Bangura, Boateng, Campbell, Chikwanha, Danso,
        Diallo, Ezeh, Francis, Gebremariam, Grant, Hassan Warsame, Kamara, Mensah, Moyo, N'Diaye, Nwosu,
        Ofori, Okafor, Okonkwo, Olatunji, Osei-Bonsu, Owusu, Sesay, St Clair, Traoré, Tshabalala,
        Wedderburn, Yeboah
    """),
)

EUROPEAN = Origin(
    share=9,
    girls=_names("""
        Zofia, Maja, Oliwia, Lena, Małgorzata, Wiktoria, Ioana, Andreea, Ștefania, Beatriz, Inês, Sofía,
        Lucía, Chiara, Léa, Chloé, Eglė, Katarína, Žofia, Anastasiia, Daryna, Ayşe, Elif, Eirini, Despina
    """),
    boys=_names("""
        Jakub, Filip, Łukasz, Mateusz, Paweł, Andrei, Ștefan, Tiago, João, José, Nicolás, Luca, Matteo,
        Jonas, Søren, Jürgen, Tomáš, Dmytro, Oleksandr, Mehmet, Çağan, Emre, Nikolaos, Théo, Noël
    """),
    families=_names("""
        Nowak, Wójcik, Woźniak, Mazur, Król, Szymczak, Łuczak, Popescu, Munteanu, Țurcanu, Ferreira,
        Gonçalves, de Souza, dos Santos, Núñez, Muñoz, García Ortiz, Bianchi, De Luca, D'Angelo, Müller,
        Schäfer, van den Berg, Lindqvist, Jørgensen, Dvořák, Kazlauskas, Shevchenko, Bondarenko, Yıldız,
        Özdemir, Papadakis, Lefèvre
    """),
)

ARAB_AND_EAST_ASIAN = Origin(
    share=4,
    girls=_names("""
        Layla, Yasmin, Rania, Salma, Dina, Shirin, Parisa, Zahra, Mei, Xin-Yi, Hui-Ling, Wai-Yee, Linh,
        Thảo, Hoa, Sakura, Ji-Woo, Althea, Maricel, Nurul
    """),
    boys=_names("""
        Omar, Khalid, Karim, Tarek, Ziad, Kaveh, Dariush, Sardar, Jun-Jie, Ka-Ho, Chun-Hei, Wei, Minh,
        Đức, Tuấn, Haruto, Min-Jun, Jericho, Rafael, Iskandar
    """),
    families=_names("""
        Al-Hakim, Al-Masri, El-Sayed, Haddad, Mansour, Nasser, Hosseini, Karimi, Barzani, Rostami, Chan,
        Cheung, Lam, Leung, Wong, Zhang, Zhou, Nguyễn, Trần, Phạm, Đặng, Tanaka, Kim, Park, Santiago,
        Villanueva
    """),
)

ORIGINS = (
    BRITISH,
    IRISH_AND_WELSH,
    PAKISTANI_AND_BANGLADESHI,
    INDIAN,
    AFRICAN_AND_CARIBBEAN,
    EUROPEAN,
    ARAB_AND_EAST_ASIAN,
)

SHORT_NAMES = {
    "Abdirahman": "Abdi",
    "Abdul-Rahman": "Rahman",
    "Abigail": "Abi",
    "Alexander": "Alex",
    "Anastasiia": "Nastya",
    "Beatrice": "Bea",
    "Benjamin": "Ben",
    "Bethany": "Beth",
    "Charlotte": "Lottie",
    "Christopher": "Kit",
    "Chukwuemeka": "Emeka",
    "Daniel": "Danny",
    "Edward": "Ted",
    "Eleanor": "Nell",
    "Elizabeth": "Libby",
    "Emmanuel": "Manny",
    "Georgia": "George",
    "Gurpreet": "Preet",
    "Harriet": "Hattie",
    "Hui-Ling": "Lynn",
    "Jessica": "Jess",
    "Joseph": "Joe",
    "Joshua": "Josh",
    "Josephine": "Josie",
    "Ka-Ho": "Kevin",
    "Katherine": "Kate",
    "Małgorzata": "Gosia",
    "Mateusz": "Mati",
    "Matilda": "Tilda",
    "Matthew": "Matt",
    "Mohammed": "Mo",
    "Muhammad": "Mo",
    "Nathaniel": "Nat",
    "Nicholas": "Nick",
    "Oleksandr": "Sasha",
    "Oluwadamilola": "Dami",
    "Oluwaseun": "Seun",
    "Penelope": "Penny",
    "Samuel": "Sam",
    "Siddharth": "Sid",
    "Temitope": "Temi",
    "Thomas": "Tom",
    "Venkatesh": "Venky",
    "Victoria": "Tori",
    "Wai-Yee": "Winnie",
    "William": "Will",
    "Zachary": "Zac",
}
"""First name → the short name that some pupils prefer."""

WOMEN = ("Mother", "Step-mother", "Grandmother", "Aunt", "Foster carer", "Childminder")
MEN = ("Father", "Step-father", "Grandfather", "Uncle", "Foster carer", "Brother")
"""Relationships of contacts, the most common first."""
