//! The parts from which invented names are made. Data only; see `names`.

/// Given names, and starts and ends of family names.
pub(crate) struct Lists {
    pub(crate) women: &'static [&'static str],
    pub(crate) men: &'static [&'static str],
    pub(crate) starts: &'static [&'static str],
    pub(crate) ends: &'static [&'static str],
}

/// Second names that Bengali women bear in place of a family name.
pub(crate) static BENGALI_WOMEN: &[&str] = &["Begum", "Khatun", "Akter", "Bibi", "Sultana"];

pub(crate) static ENGLISH: Lists = Lists {
    women: &[
        "Amelia", "Chloe", "Daisy", "Ella", "Evie", "Freya", "Grace", "Hannah", "Holly", "Isla",
        "Jessica", "Kayleigh", "Lacey", "Leah", "Lily", "Lottie", "Megan", "Mia", "Molly", "Paige",
        "Phoebe", "Poppy", "Rosie", "Ruby", "Scarlett", "Shannon", "Sophie", "Summer", "Tamsin",
        "Tilly", "Zara", "Bethany", "Gemma", "Hayley", "Kirsty", "Natalie",
    ],
    men: &[
        "Alfie", "Archie", "Ben", "Callum", "Charlie", "Connor", "Daniel", "Dylan", "Ethan",
        "Finley", "Freddie", "George", "Harry", "Harvey", "Jack", "Jake", "Jamie", "Jayden",
        "Joshua", "Kieran", "Kyle", "Leo", "Lewis", "Liam", "Logan", "Luke", "Mason", "Max",
        "Nathan", "Oliver", "Ollie", "Reece", "Riley", "Ryan", "Sam", "Toby", "Tyler", "Zack",
        "Stuart", "Gary",
    ],
    starts: &[
        "Thistle", "Marrow", "Penny", "Copper", "Bramble", "Otter", "Lantern", "Willow", "Hazel",
        "Cinder", "Larch", "Mallow", "Pebble", "Quill", "Rook", "Sorrel", "Tansy", "Wren",
        "Fennel", "Harrow", "Kettle", "Nettle", "Plover", "Teasel",
    ],
    ends: &[
        "wick", "by", "fold", "combe", "stock", "hythe", "worthy", "thwaite", "mere", "ridge",
        "shaw", "dale", "beck", "garth",
    ],
};

pub(crate) static CARIBBEAN: Lists = Lists {
    women: &[
        "Aaliyah",
        "Chantelle",
        "Destiny",
        "Ebony",
        "Jada",
        "Kezia",
        "Latoya",
        "Monique",
        "Nevaeh",
        "Renee",
        "Shanice",
        "Simone",
        "Tiana",
        "Marcia",
        "Yvette",
        "Kemi",
        "Shauna",
    ],
    men: &[
        "Andre",
        "Courtney",
        "Curtis",
        "Damian",
        "Denzel",
        "Jahmal",
        "Jermaine",
        "Kai",
        "Leon",
        "Malachi",
        "Marlon",
        "Micah",
        "Nathaniel",
        "Omari",
        "Rashaun",
        "Tyrone",
        "Winston",
        "Zion",
        "Dwayne",
    ],
    starts: &[
        "Palm", "Cove", "Breeze", "Mango", "Ginger", "Coral", "Banner", "Tamarind", "Sorrel",
        "Lime",
    ],
    ends: &[
        "field", "more", "croft", "well", "ston", "dell", "bourne", "leigh",
    ],
};

pub(crate) static IRISH: Lists = Lists {
    women: &[
        "Aoife", "Ciara", "Niamh", "Orla", "Roisin", "Saoirse", "Sinead", "Maeve", "Grainne",
        "Brigid",
    ],
    men: &[
        "Cian", "Conor", "Darragh", "Eoin", "Fionn", "Oisin", "Padraig", "Ronan", "Tadhg", "Declan",
    ],
    starts: &[
        "O'Bramb", "O'Larch", "McRook", "McTeas", "O'Fern", "McWill", "O'Thist", "McQuill",
    ],
    ends: &["lin", "arty", "elly", "oran", "anagh", "igan"],
};

pub(crate) static ARABIC: Lists = Lists {
    women: &[
        "Amal", "Asma", "Aya", "Basma", "Dana", "Farida", "Hanan", "Huda", "Iman", "Jamila",
        "Layla", "Lina", "Mariam", "Maya", "Nour", "Rania", "Reem", "Salma", "Samira", "Yasmin",
        "Zainab", "Hala",
    ],
    men: &[
        "Adel", "Ahmed", "Bilal", "Hamza", "Hassan", "Idris", "Ibrahim", "Jamal", "Karim",
        "Khalid", "Mahmoud", "Mohammed", "Nabil", "Omar", "Rami", "Sami", "Tariq", "Walid",
        "Yusuf", "Ziad", "Muhammad", "Younes",
    ],
    starts: &[
        "Qand", "Marj", "Nakhl", "Warr", "Zayt", "Rumm", "Sind", "Yasm", "Nahr", "Lawz",
    ],
    ends: &["ili", "ani", "awi", "aqi", "uni", "anawi", "iyyan", "adi"],
};

pub(crate) static SOMALI: Lists = Lists {
    women: &[
        "Ayan", "Deqa", "Fadumo", "Faduma", "Hodan", "Ifrah", "Khadija", "Ladan", "Maryan",
        "Nasra", "Sahra", "Ubah", "Warsan", "Yasmiin", "Zamzam", "Hibo",
    ],
    men: &[
        "Abdi",
        "Abdirahman",
        "Ahmed",
        "Ayanle",
        "Bashir",
        "Daud",
        "Farah",
        "Guled",
        "Hassan",
        "Ismail",
        "Jama",
        "Liban",
        "Mahad",
        "Mohamed",
        "Nuur",
        "Omar",
        "Roble",
        "Warsame",
        "Yusuf",
        "Zakariye",
    ],
    starts: &["Warsan", "Guled", "Roble", "Liban", "Daud"],
    ends: &["i", "o", "e"],
};

pub(crate) static BENGALI: Lists = Lists {
    women: &[
        "Afsana", "Ayesha", "Farhana", "Fatema", "Jannat", "Mim", "Nadia", "Nusrat", "Rabeya",
        "Rumana", "Sadia", "Shirin", "Sumaiya", "Tahmina", "Tasnim", "Yasmin",
    ],
    men: &[
        "Abdul", "Arif", "Farhan", "Hasan", "Imran", "Jahid", "Kamal", "Mahbub", "Mohammed",
        "Nazrul", "Rafiq", "Rezaul", "Sajid", "Shafiq", "Tanvir", "Zakir",
    ],
    starts: &[
        "Nadir", "Shapla", "Padm", "Korot", "Megh", "Jomun", "Dhansi", "Bokul",
    ],
    ends: &["pur", "uddin", "abari", "ullah", "ganji", "khali"],
};

pub(crate) static URDU: Lists = Lists {
    women: &[
        "Aliza", "Amna", "Ayesha", "Bushra", "Fatima", "Hira", "Iqra", "Kiran", "Maham", "Noor",
        "Rabia", "Saba", "Sana", "Sidra", "Uzma", "Zara",
    ],
    men: &[
        "Adeel", "Ahsan", "Ali", "Asad", "Bilal", "Danyal", "Faisal", "Hamza", "Haris", "Imran",
        "Junaid", "Kashif", "Mohammad", "Nadeem", "Omar", "Saad", "Usman", "Zeeshan",
    ],
    starts: &[
        "Gul", "Chaman", "Sitar", "Nehr", "Anar", "Badam", "Kohsar", "Zafran",
    ],
    ends: &["bagi", "zai", "pura", "wala", "abadi", "kari"],
};

pub(crate) static PUNJABI: Lists = Lists {
    women: &[
        "Amrit", "Anjali", "Gurpreet", "Harleen", "Jasleen", "Jaspreet", "Kiran", "Manpreet",
        "Navneet", "Neha", "Pooja", "Priya", "Simran", "Sukhi", "Tara",
    ],
    men: &[
        "Amar", "Arjun", "Balraj", "Dev", "Gurdeep", "Harjit", "Jaspal", "Karan", "Manjit",
        "Navdeep", "Rajan", "Rohan", "Sukhdeep", "Vikram",
    ],
    starts: &[
        "Sarson", "Kanak", "Nadi", "Ambi", "Kesari", "Phul", "Sona", "Chand",
    ],
    ends: &["pal", "garh", "wal", "deo", "rai", "aura"],
};

pub(crate) static POLISH: Lists = Lists {
    women: &[
        "Agata",
        "Agnieszka",
        "Aleksandra",
        "Ania",
        "Dorota",
        "Ewa",
        "Hanna",
        "Iga",
        "Joanna",
        "Julia",
        "Kasia",
        "Lena",
        "Maja",
        "Magda",
        "Oliwia",
        "Wiktoria",
        "Zofia",
        "Zuzanna",
    ],
    men: &[
        "Adam",
        "Aleksander",
        "Bartek",
        "Dawid",
        "Filip",
        "Grzegorz",
        "Igor",
        "Jakub",
        "Kacper",
        "Kamil",
        "Krzysztof",
        "Lukasz",
        "Marek",
        "Mateusz",
        "Oskar",
        "Patryk",
        "Szymon",
        "Tomasz",
    ],
    starts: &[
        "Lipn", "Jasn", "Kamien", "Sosn", "Borow", "Zielon", "Wierzb", "Olszyn", "Brzoz", "Klonow",
        "Jarzeb", "Lesn",
    ],
    ends: &["ecki", "owski", "icki", "iewski"],
};

pub(crate) static PORTUGUESE: Lists = Lists {
    women: &[
        "Ana",
        "Beatriz",
        "Carolina",
        "Catarina",
        "Filipa",
        "Ines",
        "Joana",
        "Leonor",
        "Luisa",
        "Mafalda",
        "Margarida",
        "Maria",
        "Marta",
        "Rita",
        "Sofia",
        "Teresa",
    ],
    men: &[
        "Afonso", "Andre", "Bruno", "Diogo", "Duarte", "Filipe", "Goncalo", "Hugo", "Joao",
        "Jorge", "Luis", "Martim", "Miguel", "Nuno", "Paulo", "Rui", "Tiago", "Tomas",
    ],
    starts: &[
        "Pedr", "Mont", "Font", "Vale", "Rib", "Serr", "Oliv", "Cast",
    ],
    ends: &[
        "alva", "elindo", "esclara", "everde", "azul", "anova", "adouro",
    ],
};

pub(crate) static YORUBA: Lists = Lists {
    women: &[
        "Abimbola", "Adeola", "Ayomide", "Bisi", "Bolanle", "Damilola", "Folake", "Funmi",
        "Ifeoluwa", "Morenike", "Omolara", "Ronke", "Sade", "Simisola", "Temitope", "Titilayo",
        "Yetunde",
    ],
    men: &[
        "Adebayo",
        "Ayodeji",
        "Babatunde",
        "Dayo",
        "Demilade",
        "Femi",
        "Folarin",
        "Gbenga",
        "Kayode",
        "Kolade",
        "Olumide",
        "Oluwaseun",
        "Segun",
        "Seyi",
        "Taiwo",
        "Tobi",
        "Tunde",
        "Wale",
    ],
    starts: &["Ade", "Olu", "Ayo", "Ola", "Omo", "Ife", "Oye", "Ogun"],
    ends: &[
        "lakemi", "tunwase", "bowale", "fiyinle", "dapolu", "renwa", "yemisi", "korede",
    ],
};

pub(crate) static AKAN: Lists = Lists {
    women: &[
        "Abena", "Adwoa", "Afia", "Akosua", "Ama", "Efua", "Esi", "Yaa", "Akua", "Serwaa",
    ],
    men: &[
        "Kofi", "Kojo", "Kwabena", "Kwaku", "Kwame", "Kwesi", "Yaw", "Kwadwo", "Nana", "Ebo",
    ],
    starts: &["Ansah", "Boat", "Owus", "Amoak", "Gyam", "Asant", "Fref"],
    ends: &["wiri", "ima", "eko", "eng", "fori", "adu"],
};

pub(crate) static TIGRINYA: Lists = Lists {
    women: &[
        "Abeba", "Almaz", "Bisrat", "Eden", "Feven", "Freweini", "Helen", "Luwam", "Mehret",
        "Miriam", "Rahwa", "Ruta", "Saba", "Selam", "Senait", "Winta", "Yordanos",
    ],
    men: &[
        "Abel", "Amanuel", "Biniam", "Daniel", "Dawit", "Ermias", "Filmon", "Haben", "Henok",
        "Isaias", "Kibrom", "Mebrahtu", "Merhawi", "Natnael", "Robel", "Samuel", "Tesfay", "Yonas",
        "Zerai",
    ],
    starts: &["Tesf", "Mehar", "Habt", "Kidan"],
    ends: &["ay", "i", "om", "e"],
};

pub(crate) static ROMANIAN: Lists = Lists {
    women: &[
        "Alina", "Ana", "Andreea", "Bianca", "Corina", "Daria", "Elena", "Ioana", "Larisa",
        "Mihaela", "Raluca", "Roxana", "Simona", "Teodora",
    ],
    men: &[
        "Adrian",
        "Alexandru",
        "Bogdan",
        "Ciprian",
        "Cosmin",
        "Dragos",
        "Florin",
        "Gabriel",
        "Ionut",
        "Lucian",
        "Marius",
        "Mihai",
        "Razvan",
        "Stefan",
    ],
    starts: &[
        "Codr", "Vultur", "Stejar", "Izvor", "Poian", "Mesteac", "Cetin", "Frasin",
    ],
    ends: &["eanu", "aru", "escu", "oiu", "areanu"],
};

pub(crate) static CHINESE: Lists = Lists {
    women: &[
        "Hoi-Yan",
        "Ka-Yi",
        "Lai-Kwan",
        "Mei-Lin",
        "Pui-Shan",
        "Siu-Ling",
        "Suet-Ying",
        "Wing-Sze",
        "Xiaoyu",
        "Yan-Ting",
        "Yuk-Lan",
        "Jing",
    ],
    men: &[
        "Chi-Ming", "Chun-Hei", "Ho-Yin", "Jun-Kit", "Ka-Fai", "Kin-Wah", "Lok-Hei", "Man-Ho",
        "Wai-Lun", "Yat-Long", "Zihao", "Tsz-Kin",
    ],
    starts: &["Yung", "Lok", "Shum", "Fong", "Hing", "Lum", "Kwok", "Tso"],
    ends: &["wai", "lam", "san", "tin", "mui", "ping"],
};

pub(crate) static TURKISH: Lists = Lists {
    women: &[
        "Aylin", "Ayse", "Burcu", "Ceren", "Deniz", "Ebru", "Elif", "Esra", "Gul", "Hatice",
        "Merve", "Nur", "Selin", "Zeynep",
    ],
    men: &[
        "Ahmet", "Ali", "Baris", "Burak", "Can", "Emre", "Hakan", "Kaan", "Kerem", "Mehmet",
        "Murat", "Onur", "Serkan", "Yusuf",
    ],
    starts: &[
        "Ceviz", "Kestane", "Gumus", "Bulut", "Yaprak", "Deniz", "Kavak", "Cinar",
    ],
    ends: &["oglu", "dereli", "kaya", "tepe", "pinar", "lik"],
};

pub(crate) static VIETNAMESE: Lists = Lists {
    women: &[
        "Anh", "Bich", "Chi", "Dung", "Giang", "Hanh", "Huong", "Lan", "Linh", "Mai", "Ngoc",
        "Phuong", "Thao", "Trang",
    ],
    men: &[
        "Bao", "Cuong", "Dat", "Duc", "Hai", "Hieu", "Hung", "Khoa", "Long", "Minh", "Nam",
        "Phong", "Quan", "Tuan",
    ],
    starts: &["Lam", "Vuong", "Thach", "Kieu", "Doan"],
    ends: &["an", "inh", "uong", "ai"],
};

pub(crate) static ALBANIAN: Lists = Lists {
    women: &[
        "Albana", "Arta", "Blerta", "Diellza", "Drita", "Elira", "Erjona", "Fjolla", "Jeta",
        "Liridona", "Mirela", "Teuta",
    ],
    men: &[
        "Agron", "Arben", "Besnik", "Dardan", "Erion", "Fatos", "Gezim", "Ilir", "Kreshnik",
        "Luan", "Shpend", "Valon",
    ],
    starts: &["Lis", "Shkemb", "Bregu", "Kodr", "Fush", "Lugin"],
    ends: &["aj", "asi", "ora", "eci", "ani", "isti"],
};

pub(crate) static PASHTO: Lists = Lists {
    women: &["Gulalai", "Malalai", "Palwasha", "Spozhmai", "Zarghuna"],
    men: &[
        "Abdullah",
        "Ahmad",
        "Gul",
        "Hamid",
        "Ihsan",
        "Jawad",
        "Khan",
        "Mirwais",
        "Najib",
        "Omid",
        "Samiullah",
        "Wali",
        "Zabiullah",
    ],
    starts: &["Spin", "Tor", "Ghar", "Wazm", "Sabr", "Shin"],
    ends: &["gari", "zad", "mal", "khel", "yar", "wali"],
};

pub(crate) static KURDISH: Lists = Lists {
    women: &[
        "Avin", "Berivan", "Dilan", "Hevi", "Nasrin", "Rojin", "Shirin", "Zilan",
    ],
    men: &[
        "Aram", "Azad", "Baran", "Dilshad", "Hejar", "Hiwa", "Karwan", "Kawa", "Rebin", "Rekan",
        "Sherzad", "Soran", "Zana",
    ],
    starts: &["Chiya", "Berx", "Gulan", "Rubar", "Hana", "Daristan"],
    ends: &["yi", "dar", "mend", "pour", "i"],
};
